"""What the old site showed against what the new one shows."""

from benchmarks.upgrade.expected import RENAMED, is_meant

SHOWN = 3  # examples of each kind


def differences(before: dict, after: dict) -> list[str]:
	"""Return what is lost or another after the upgrade and was not meant to be."""
	problems = []
	for part in ("records", "settings"):
		for doctype, rows in before[part].items():
			problems += changed_rows(doctype, rows, after[part].get(doctype, {}))
	for doctype, values in before["singles"].items():
		problems += changed_rows(doctype, {doctype: values}, {doctype: after["singles"].get(doctype, {})})
	for path, names in before["answers"].items():
		if missing := set(names) - set(after["answers"][path]):
			problems.append(f"{path} answers without {', '.join(sorted(missing))}")
	for name, report in before["reports"].items():
		problems += changed_report(name, report, after["reports"].get(name))
	return problems


def changed_rows(doctype: str, before: dict, after: dict) -> list[str]:
	lost = [name for name in before if name not in after and not is_meant(doctype, name, "")]
	problems = [f"{doctype} {name} is gone" for name in lost[:SHOWN]]
	return problems + changed_values(
		doctype, [(name, before[name], after[name]) for name in before if name in after]
	)


def changed_values(title: str, pairs: list[tuple[str, dict, dict]]) -> list[str]:
	"""Return the fields whose values are others, each with some examples."""
	found: dict[str, list[str]] = {}
	for name, former, now in pairs:
		for field, value in former.items():
			present = now.get(RENAMED.get((title, field), field))
			if (present or None) != (value or None) and not is_meant(title, name, field):
				found.setdefault(field, []).append(f"{name}: {value!r} became {present!r}")
	return [
		f"{title}.{field} changed in {len(examples)} of {len(pairs)}: {'; '.join(examples[:SHOWN])}"
		for field, examples in found.items()
	]


def changed_report(name: str, before: dict, after: dict | None) -> list[str]:
	if after is None:
		return [f"report {name} is gone"]
	if len(before["rows"]) != len(after["rows"]):
		return [f"report {name} has {len(after['rows'])} rows, not {len(before['rows'])}"]
	rows = zip(in_order(before["rows"]), in_order(after["rows"]), strict=True)
	return changed_values(f"report {name}", [(f"row {i}", *pair) for i, pair in enumerate(rows)])


def in_order(rows: list[dict]) -> list[dict]:
	"""Return rows that are records by their names, since databases list equals in any order; others as they are."""
	named = rows and all(row.get("name") for row in rows)
	return sorted(rows, key=lambda row: row["name"]) if named else rows


def lacking(upgraded: dict, fresh: dict) -> list[str]:
	"""Return what a new site has and an upgraded one lacks: something that no patch brought."""
	problems = []
	for doctype, rows in fresh["settings"].items():
		problems += [
			f"new sites have {doctype} {name}, the upgraded one has not"
			for name in rows
			if name not in upgraded["settings"][doctype]
		]
		common = [(name, rows[name], upgraded["settings"][doctype].get(name)) for name in rows]
		problems += changed_values(f"new site's {doctype}", [each for each in common if each[2]])
	for doctype, columns in fresh["columns"].items():
		if missing := set(columns) - set(upgraded["columns"].get(doctype, ())):
			problems.append(f"the upgraded {doctype} lacks {', '.join(sorted(missing))}")
	return problems
