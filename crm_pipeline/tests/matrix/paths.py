"""Requests for a record, made from the lines of `read_paths.py` and `write_paths.py`."""

from crm_pipeline.tests.matrix import read_paths, write_paths
from crm_pipeline.tests.matrix.judging import METHOD, Ask, get, post
from crm_pipeline.tests.matrix.read_paths import MAY_SHOW, MAY_YES, SHOWS, YES
from crm_pipeline.tests.matrix.world import Record


def fill(value, places: dict[str, str]):
	"""The value with what stands in `places` put in, however deep it is."""
	if isinstance(value, dict):
		return {fill(key, places): fill(each, places) for key, each in value.items()}
	if isinstance(value, list):
		return [fill(each, places) for each in value]
	if isinstance(value, str):
		for place, text in places.items():
			value = value.replace(place, text)
	return value


def by_name(key: str, record: Record, name: str | None = None) -> list[Ask]:
	"""Asks for a record by its name, or by another `name` as if it were its."""
	lines = read_paths.BY_NAME if record.parent else read_paths.BY_NAME + read_paths.FORMS_BY_NAME
	return _asks(lines, key, record, _places(record, name))


def by_lists(key: str, record: Record) -> list[Ask]:
	"""Lists, and yes/no questions about what a record says, by a field that holds one of its words."""
	has_word = record.field and record.words
	lines = read_paths.LISTS + read_paths.BY_WORD if has_word else read_paths.LISTS
	if (
		record.parent
	):  # their rows are exported with their parents only, and Frappe 16 lists none by its second version
		lines = tuple(
			(path, url, values, MAY_SHOW if path == "v2 list" else tells)
			for path, url, values, tells in lines
			if path != "export_data"
		)
	return _asks(lines, key, record, _places(record))


def by_link(key: str, record: Record, field: str, word: str) -> list[Ask]:
	"""Lists with a field, or a filter on one, of the opportunity that the record links to."""
	return _asks(read_paths.BY_LINK, key, record, {**_places(record), "FIELD": field, "WORD": word})


def by_row(key: str, parent: Record, table: str, row: str, field: str, word: str) -> list[Ask]:
	"""Lists of a DocType by what its rows say."""
	places = {**_places(parent), "TABLE": table, "ROW": row, "FIELD": field, "WORD": word}
	return _asks(read_paths.BY_ROW, key, parent, places)


def to_write(key: str, record: Record, name: str | None = None, is_changed_only: bool = False) -> list[Ask]:
	"""Attempts to change a record, and, unless `is_changed_only`, to hang something on it."""
	places, lines = _places(record, name), write_paths.CHANGES
	if not (record.parent or is_changed_only):
		inserts = [
			(
				f"insert of a {doctype}",
				"frappe.client.insert",
				{"doc": {"doctype": doctype, **values}},
				"POST",
			)
			for doctype, values in write_paths.INSERTED.items()
		]
		lines = (*lines, *write_paths.HANGING, *inserts)
	return [
		post(path, key, _url(fill(url, places)), fill(values, places), verb=verb)
		for path, url, values, verb in lines
	]


def _asks(lines: tuple, key: str, record: Record, places: dict[str, str]) -> list[Ask]:
	parents = (
		{True: {"parent_doctype": record.parent}, False: {"parent": record.parent}} if record.parent else {}
	)
	return [
		get(
			fill(path, places),
			key,
			_url(fill(url, places)),
			{**fill(values, places), **parents.get("reportview" in url, {})},
			truth=tells in (YES, MAY_YES),
			shown=tells in (SHOWS, YES),
		)
		for path, url, values, tells in lines
	]


def _places(record: Record, name: str | None = None) -> dict[str, str]:
	return {
		"DOCTYPE": record.doctype,
		"NAME": name or record.name,
		"FIELD": record.field or "name",
		"WORD": record.words[0] if record.words else "",
	}


def _url(address: str) -> str:
	return address if address.startswith("/") else METHOD + address
