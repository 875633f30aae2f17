"""Making one document from another."""

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING

import frappe
from frappe.model import child_table_fields, default_fields, table_fields
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.document import Document

KNOWN = {"doctype", "field_map", "field_no_map", "condition"}


def get_mapped_doc(
	from_doctype: str,
	from_docname: str,
	table_maps: dict,
	target_doc: "Document | None" = None,
	postprocess: Callable | None = None,
	ignore_permissions: bool = False,
) -> "Document":
	"""An unsaved document made from a stored one.

	`table_maps` has, per DocType of the source and its rows: doctype, field_map, field_no_map. Rows may
	have a condition that they are to meet. Fields of the same name are copied unless marked no_copy.

	:raises frappe.PermissionError: when the user may not read the source or not create the target."""
	if not target_doc:
		target_doc = frappe.new_doc(table_maps[from_doctype]["doctype"])
	elif isinstance(target_doc, str):
		raise frappe.missing("get_mapped_doc into a document of Desk")
	source = frappe.get_doc(from_doctype, from_docname)
	if not ignore_permissions:
		target_doc.check_permission("create")
		source.check_permission("read")

	target_doc.run_method("before_mapping", source, table_maps)
	_map_doc(source, target_doc, table_maps[from_doctype])
	for df in source.meta.get_table_fields():
		_map_table(source, target_doc, df, table_maps)
	if postprocess:
		postprocess(source, target_doc)
	target_doc.run_method("after_mapping", source)
	return target_doc


def _map_table(source: "Document", target: "Document", df: _dict, table_maps: dict) -> None:
	table_map = table_maps.get(df.options) or _same_table(target, df)
	if not table_map:
		return
	targets = (each for each in target.meta.get_table_fields() if each.options == table_map["doctype"])
	parentfield = next((each.fieldname for each in targets), None)
	meets = table_map.get("condition", lambda row: True)
	for row in filter(meets, source.get(df.fieldname)):
		made = frappe.new_doc(table_map["doctype"], parent_doc=target, parentfield=parentfield)
		_map_doc(row, made, table_map, source)
		made.idx = None
		target.append(parentfield, made)


def _same_table(target: "Document", df: _dict) -> dict | None:
	"""A table that both have under one name is copied without being asked for."""
	target_df = target.meta.get_field(df.fieldname)
	if target_df and target_df.options == df.options and not (df.no_copy or target_df.no_copy):
		return {"doctype": df.options}
	return None


def _map_doc(
	source: "Document", target: "Document", table_map: dict, source_parent: "Document | None" = None
) -> None:
	if unknown := table_map.keys() - KNOWN:
		raise frappe.missing(f"get_mapped_doc with {', '.join(sorted(unknown))}")
	uncopied = {*default_fields, *child_table_fields, *table_map.get("field_no_map", [])} | {
		df.fieldname
		for meta in (source.meta, target.meta)
		for df in meta.fields
		if df.no_copy or df.fieldtype in table_fields
	}
	for df in target.meta.fields:
		if df.fieldname in uncopied:
			continue
		value = source.get(df.fieldname)
		if value not in (None, ""):
			target.set(df.fieldname, value)
		elif df.fieldtype == "Link" and not target.get(df.fieldname):
			_link_back(df, target, source, source_parent)
	for source_key, target_key in table_map.get("field_map", {}).items():
		value = source.get(source_key)
		if value not in (None, ""):
			target.set(target_key, value)
	if source.idx:
		target.idx = source.idx


def _link_back(df: _dict, target: "Document", source: "Document", source_parent: "Document | None") -> None:
	for origin in filter(None, (source, source_parent)):
		if df.options == origin.doctype:
			target.set(df.fieldname, origin.name)
			return


def copy_doc(doc: "Document", ignore_no_copy: bool = True) -> "Document":
	"""An unsaved copy of a document and its rows; with `ignore_no_copy=False` without the fields marked no_copy.

	Tests keep the docstatus, as in Frappe; elsewhere the copy is a draft."""
	dropped = ["name", "owner", "creation", "modified", "modified_by"]
	if not frappe.flags.in_test:
		dropped.append("docstatus")
	copied = frappe.get_doc(copy.deepcopy(doc if isinstance(doc, dict) else doc.as_dict()))
	for each in (copied, *copied.get_all_children()):
		no_copy = [] if ignore_no_copy else [df.fieldname for df in each.meta.fields if df.no_copy]
		for key in dropped + no_copy:
			each.set(key, None)
		each.set("__islocal", 1)
	for key in ("amended_from", "amendment_date"):
		copied.set(key, None)
	return copied
