"""What REST clients and Desk call to read and write documents: `frappe.client.*`."""

import json

import frappe
from frappe import _
from frappe.desk.reportview import validate_args
from frappe.model import child_table_fields, default_fields

MAX_INSERTS = 200
WRITE = ["POST", "PUT"]


@frappe.whitelist()
def get_list(
	doctype,
	fields=None,
	filters=None,
	group_by=None,
	order_by=None,
	limit_start=None,
	limit_page_length=20,
	parent=None,
	debug: bool = False,
	as_dict: bool = True,
	or_filters=None,
):
	"""Return a page of the records the user may read; a child table needs its `parent` DocType."""
	_check_parent(doctype, parent)
	arguments = frappe._dict(
		doctype=doctype,
		parent_doctype=parent,
		fields=fields,
		filters=filters,
		or_filters=or_filters,
		group_by=group_by,
		order_by=order_by,
		limit_start=limit_start,
		limit_page_length=limit_page_length,
		as_list=not as_dict,
	)
	validate_args(arguments)
	arguments.pop("save_user_settings", None)
	return frappe.get_list(**arguments)


@frappe.whitelist()
def get_count(doctype, filters=None, debug=False, cache=False):
	return frappe.db.count(doctype, _parse_filters(filters))


@frappe.whitelist()
def get(doctype, name=None, filters=None, parent=None):
	"""Return a document by name, the first that matches `filters`, or a single."""
	_check_parent(doctype, parent)
	if name:
		doc = frappe.get_doc(doctype, name)
	elif filters or filters == {}:
		doc = frappe.get_doc(doctype, frappe.parse_json(filters))
	else:
		doc = frappe.get_doc(doctype)
	doc.check_permission()
	doc.apply_fieldlevel_read_permissions()
	return doc.as_dict()


@frappe.whitelist()
def get_value(doctype, fieldname, filters=None, as_dict=True, debug=False, parent=None):
	"""Return one or several fields of the first match; `{}` when nothing matches."""
	_check_parent(doctype, parent)
	if not frappe.has_permission(doctype, parent_doctype=parent):
		frappe.throw(_("No permission for {0}").format(_(doctype)), frappe.PermissionError)

	filters = _parse_filters(filters)
	if isinstance(filters, str):
		filters = {"name": filters}
	fields = _parse_fields(fieldname)
	if frappe.get_meta(doctype).issingle:
		row = {field: frappe.db.get_single_value(doctype, field) for field in fields}
	else:
		rows = get_list(doctype, filters=filters or None, fields=fields, limit_page_length=1, parent=parent)
		row = rows[0] if rows else None

	if as_dict:
		return row or {}
	values = list(row.values()) if row else [None]
	return values if len(fields) > 1 else values[0]


@frappe.whitelist()
def get_single_value(doctype, field):
	if not frappe.has_permission(doctype):
		frappe.throw(_("No permission for {0}").format(_(doctype)), frappe.PermissionError)
	return frappe.db.get_single_value(doctype, field)


@frappe.whitelist(methods=WRITE)
def set_value(doctype, name, fieldname, value=None):
	"""Save one field, or several given as JSON in `fieldname`; a row is saved with its parent."""
	if fieldname in (*default_fields, *child_table_fields):
		frappe.throw(_("Cannot edit standard fields"))
	values = {fieldname: value} if value else _parse_values(fieldname)

	if frappe.get_meta(doctype).istable:
		row = frappe.db.get_value(doctype, name, ["parenttype", "parent"], as_dict=True)
		if not row:
			raise frappe.DoesNotExistError(doctype=doctype)
		doc = frappe.get_doc(row.parenttype, row.parent)
		next(child for child in doc.get_all_children() if child.name == name).update(values)
	else:
		doc = frappe.get_doc(doctype, name)
		doc.update(values)
	doc.save()
	return doc.as_dict()


@frappe.whitelist(methods=WRITE)
def insert(doc=None):
	return insert_doc(frappe.parse_json(doc)).as_dict()


@frappe.whitelist(methods=WRITE)
def insert_many(docs=None):
	"""Insert up to 200 documents in one transaction; returns their names."""
	docs = frappe.parse_json(docs)
	if len(docs) > MAX_INSERTS:
		frappe.throw(_("Only {0} inserts allowed in one request").format(MAX_INSERTS))
	return [insert_doc(doc).name for doc in docs]


@frappe.whitelist(methods=WRITE)
def save(doc):
	doc = frappe.get_doc(frappe.parse_json(doc))
	doc.save()
	return doc.as_dict()


@frappe.whitelist(methods=WRITE)
def rename_doc(doctype, old_name, new_name, merge=False):
	return frappe.rename_doc(doctype, old_name, new_name, merge=merge)


@frappe.whitelist(methods=WRITE)
def submit(doc):
	doc = frappe.get_doc(frappe.parse_json(doc))
	doc.submit()
	return doc.as_dict()


@frappe.whitelist(methods=WRITE)
def cancel(doctype, name):
	doc = frappe.get_doc(doctype, name)
	doc.cancel()
	return doc.as_dict()


@frappe.whitelist(methods=["DELETE", "POST"])
def delete(doctype, name):
	delete_doc(doctype, name)


@frappe.whitelist(methods=WRITE)
def bulk_update(docs):
	"""Save each of `docs` (with `doctype` and `docname`); those that fail are returned with the reason."""
	failed = []
	for values in json.loads(docs):
		values.pop("flags", None)
		try:
			doc = frappe.get_doc(values["doctype"], values["docname"])
			doc.update(values)
			doc.save()
		except Exception:
			failed.append({"doc": values, "exc": frappe.get_traceback()})
	return {"failed_docs": failed}


@frappe.whitelist()
def has_permission(doctype: str, docname: str, perm_type: str = "read"):
	return {"has_permission": frappe.has_permission(doctype, perm_type.lower(), docname)}


@frappe.whitelist()
def get_doc_permissions(doctype: str, docname: str):
	return {"permissions": frappe.permissions.get_doc_permissions(frappe.get_doc(doctype, docname))}


@frappe.whitelist()
def get_password(doctype: str, name: str, fieldname: str):
	frappe.only_for("System Manager")
	return frappe.get_doc(doctype, name).get_password(fieldname)


@frappe.whitelist(allow_guest=True)
def get_time_zone():
	return {"time_zone": frappe.db.get_single_value("System Settings", "time_zone")}


@frappe.whitelist(methods=WRITE)
def attach_file(filename=None, filedata=None, doctype=None, docname=None, is_private=None):
	raise NotImplementedError("frappe.client.attach_file is not in the embedded host; a bench has it")


@frappe.whitelist()
def is_document_amended(doctype: str, docname: str):
	readable = frappe.has_permission(doctype) and frappe.get_meta(doctype).has_field("amended_from")
	return frappe.db.exists(doctype, {"amended_from": docname}) if readable else False


@frappe.whitelist()
def validate_link(doctype: str, docname: str, fields=None):
	"""Return the stored name of a linked record (None if there is none) and the `fields` asked for."""
	if doctype != "DocType" and not (
		frappe.has_permission(doctype, "select") or frappe.has_permission(doctype, "read")
	):
		frappe.throw(
			_("You do not have Read or Select Permissions for {}").format(frappe.bold(doctype)),
			frappe.PermissionError,
		)
	values = frappe._dict(name=frappe.db.get_value(doctype, docname))
	fields = frappe.parse_json(fields)
	if values.name and fields:
		values.update(get_value(doctype, fields, docname))
	return values


def insert_doc(doc):
	"""Insert a document and return it; a row is appended to its parent, which is saved and returned."""
	doc = frappe._dict(doc)
	if not frappe.is_table(doc.doctype):
		return frappe.get_doc(doc).insert()
	if not (doc.parenttype and doc.parent and doc.parentfield):
		frappe.throw(_("Parenttype, Parent and Parentfield are required to insert a child record"))
	parent = frappe.get_doc(doc.parenttype, doc.parent)
	parent.append(doc.parentfield, doc)
	parent.save()
	return parent


def delete_doc(doctype, name):
	"""Delete a document; a row is removed from its parent, which is saved."""
	if not frappe.is_table(doctype):
		frappe.delete_doc(doctype, name, ignore_missing=False)
		return
	row = frappe.db.get_value(doctype, name, ["parenttype", "parent", "parentfield"], as_dict=True)
	parent = row and frappe.get_doc(row.parenttype, row.parent)
	if not parent or not parent.has_permission("write"):
		raise frappe.DoesNotExistError(doctype=doctype)
	parent.remove(next(child for child in parent.get(row.parentfield) if child.name == name))
	parent.save()


def _check_parent(doctype, parent):
	"""Child tables are read through a parent DocType that has them and that the user may read."""
	if frappe.is_table(doctype) and not frappe.has_permission(doctype, parent_doctype=parent):
		raise frappe.PermissionError


def _parse_filters(filters):
	"""Return filters from JSON; text that is no JSON is the name of a record."""
	try:
		parsed = json.loads(filters) if isinstance(filters, str) else filters
	except ValueError:
		return filters
	return parsed if isinstance(parsed, dict | list) or parsed is None else filters


def _parse_fields(fieldname) -> list:
	try:
		parsed = frappe.parse_json(fieldname)
	except ValueError:
		return [fieldname]
	return parsed if isinstance(parsed, list) else [parsed]


def _parse_values(fieldname) -> dict:
	try:
		return frappe.parse_json(fieldname)
	except ValueError:
		return {fieldname: ""}
