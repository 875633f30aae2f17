"""What REST clients call to read and write documents: `frappe.client.*`."""

import json
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.desk.reportview import validate_args
from frappe.model import child_table_fields, default_fields

if TYPE_CHECKING:
	from frappe.model.document import Document

MAX_INSERTS = 200
WRITE = ["POST", "PUT"]


@frappe.whitelist()
def get_list(
	doctype: Any,
	fields: Any = None,
	filters: Any = None,
	group_by: Any = None,
	order_by: Any = None,
	limit_start: Any = None,
	limit_page_length: Any = 20,
	parent: Any = None,
	as_dict: bool = True,
	or_filters: Any = None,
) -> list:
	"""Return a page of the records the user may read; a child table needs its `parent` DocType."""
	asked = frappe._dict(locals())
	_check_parent(doctype, asked.pop("parent"))
	asked.update(parent_doctype=parent, as_list=not asked.pop("as_dict"))
	return frappe.get_list(**validate_args(asked))


@frappe.whitelist()
def get_count(doctype: Any, filters: Any = None) -> int:
	conditions = _parse(filters)
	return frappe.db.count(filters=conditions, dt=doctype)


@frappe.whitelist()
def get(doctype: Any, name: Any = None, filters: Any = None, parent: Any = None) -> dict:
	"""Return a document by name, the first that matches `filters`, or a single."""
	_check_parent(doctype, parent)
	asks_for_first = not name and filters not in (None, "", [])
	which = [name, frappe.parse_json(filters)][asks_for_first]
	doc = frappe.get_doc(doctype, *([] if which is None else [which]))
	doc.check_permission("read")
	doc.apply_fieldlevel_read_permissions()
	return doc.as_dict()


@frappe.whitelist()
def get_value(
	doctype: Any, fieldname: Any, filters: Any = None, as_dict: bool = True, parent: Any = None
) -> dict:
	"""Return one or several fields of the first match; `{}` when nothing matches."""
	if not as_dict:
		raise frappe.missing("frappe.client.get_value without as_dict")
	_check_parent(doctype, parent)
	if not frappe.has_permission(doctype, parent_doctype=parent):
		frappe.throw(_("No permission for {0}").format(_(doctype)), frappe.PermissionError)

	named, fields = _parse(filters), _parse(fieldname)
	fields = fields if isinstance(fields, list) else [fields]
	if frappe.get_meta(doctype).issingle:
		return {field: frappe.db.get_single_value(doctype, field) for field in fields}
	conditions = {"name": named} if isinstance(named, str) else named or None
	first = get_list(doctype, fields, conditions, limit_page_length=1, parent=parent)[:1]
	return next(iter(first), {})


@frappe.whitelist(methods=WRITE)
def set_value(doctype: Any, name: Any, fieldname: Any, value: Any = None) -> dict:
	"""Save one field, or several given as JSON in `fieldname`; a row is saved with its parent."""
	if fieldname in (*default_fields, *child_table_fields):
		frappe.throw(_("Cannot edit standard fields"))
	values = {fieldname: value} if value else _parse(fieldname)
	values = values if isinstance(values, dict) else {fieldname: ""}

	if frappe.is_table(doctype):
		parent, row = _find_row(doctype, name)
		row.update(values)
		return parent.save().as_dict()
	return frappe.get_doc(doctype, name).update(values).save().as_dict()


@frappe.whitelist(methods=WRITE)
def insert(doc: Any = None) -> dict:
	inserted = insert_doc(frappe.parse_json(doc))
	return inserted.as_dict()


@frappe.whitelist(methods=WRITE)
def insert_many(docs: Any = None) -> list[str]:
	"""Insert up to 200 documents in one transaction; returns their names."""
	sent = frappe.parse_json(docs)
	if sent[MAX_INSERTS:]:
		frappe.throw(_("Only {0} inserts allowed in one request").format(MAX_INSERTS))
	return [doc.name for doc in map(insert_doc, sent)]


@frappe.whitelist(methods=WRITE)
def save(doc: Any) -> dict:
	return frappe.get_doc(frappe.parse_json(doc)).save().as_dict()


@frappe.whitelist(methods=WRITE)
def rename_doc(doctype: Any, old_name: Any, new_name: Any, merge: Any = False) -> str:
	return frappe.rename_doc(doctype, old_name, new_name, merge=bool(frappe.utils.cint(merge)))


@frappe.whitelist(methods=["DELETE", "POST"])
def delete(doctype: Any, name: Any) -> None:
	"""Delete a document; a row is removed from its parent, which is saved."""
	if not frappe.is_table(doctype):
		frappe.delete_doc(doctype, name, ignore_missing=False)
		return
	parent, row = _find_row(doctype, name)
	if not parent.has_permission("write"):
		raise frappe.DoesNotExistError(doctype=doctype)
	parent.remove(row)
	parent.save()


@frappe.whitelist(methods=WRITE)
def bulk_update(docs: Any) -> dict:
	"""Save each of `docs` (with `doctype` and `docname`); those that fail are returned with the reason."""
	reasons = [(values, _reason_against(values)) for values in json.loads(docs)]
	return {"failed_docs": [{"doc": values, "exc": reason} for values, reason in reasons if reason]}


def _reason_against(values: dict) -> str | None:
	"""Save values; return the traceback where that fails."""
	changes = {key: value for key, value in values.items() if key != "flags"}
	try:
		frappe.get_doc(changes["doctype"], changes["docname"]).update(changes).save()
	except Exception:
		return frappe.get_traceback()
	return None


def insert_doc(doc: dict) -> "Document":
	"""Insert a document and return it; a row is appended to its parent, which is saved and returned."""
	values = frappe._dict(doc)
	return _append_row(values) if frappe.is_table(values.doctype) else frappe.get_doc(values).insert()


def _append_row(row: frappe._dict) -> "Document":
	place = [row.parenttype, row.parent, row.parentfield]
	if not all(place):
		frappe.throw(_("Parenttype, Parent and Parentfield are required to insert a child record"))
	*whose, fieldname = place
	parent = frappe.get_doc(*whose)
	parent.append(fieldname, row)
	return parent.save()


def _find_row(doctype: str, name: str) -> tuple["Document", "Document"]:
	"""Return the parent of a stored row and the row in it."""
	stored = frappe.db.get_value(doctype, name, ["parenttype", "parent"], as_dict=True)
	if not stored:
		raise frappe.DoesNotExistError(doctype=doctype)
	parent = frappe.get_doc(stored.parenttype, stored.parent)
	return parent, next(row for row in parent.get_all_children() if row.name == name)


def _check_parent(doctype: str, parent: str | None) -> None:
	"""Child tables are read through a parent DocType that has them and that the user may read."""
	if frappe.is_table(doctype) and not frappe.has_permission(doctype, parent_doctype=parent):
		raise frappe.PermissionError


def _parse(value: Any) -> Any:
	"""Return what the JSON says; text that is no JSON, such as a name, stays as it is."""
	try:
		parsed = json.loads(value) if isinstance(value, str) else value
	except ValueError:
		return value
	return parsed if isinstance(parsed, dict | list) else value
