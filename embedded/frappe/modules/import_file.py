"""Records that come as JSON: DocTypes, what stands in module folders, fixtures."""

import hashlib
import json
from pathlib import Path

import frappe
from frappe.database.schema import sync_table
from frappe.model.controllers import is_plain_record
from frappe.model.delete_doc import delete_rows
from frappe.model.document import Document
from frappe.model.meta import CHILDREN, clear_meta_cache
from frappe.modules import load_doctype_module
from frappe.runtime.missing import missing
from frappe.utils import now

# what a site's users set on a record that an app ships; importing the record again leaves it
LEFT_TO_THE_SITE = {
	"Report": ("disabled", "prepared_report", "add_total_row"),
	"Print Format": ("disabled",),
	"Notification": ("enabled",),
	"Workspace": ("is_hidden",),
}


def import_file_by_path(path: Path, force: bool = False) -> bool:
	"""Import one record, or each of a list; returns whether anything was new or changed."""
	text = Path(path).read_text()
	records = json.loads(text)
	fingerprint = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
	changed = [
		import_record(values, fingerprint, force)
		for values in (records if isinstance(records, list) else [records])
	]
	return any(changed)


def import_record(values: dict, fingerprint: str, force: bool = False) -> bool:
	"""Write the record if its file differs from what was imported last, or if forced."""
	if values["doctype"] == "DocType":
		stored = frappe.db.get_value("DocType", values["name"], "migration_hash")
		if stored == fingerprint and not force:
			return False
		import_doctype(values | {"migration_hash": fingerprint})
		return True
	if not frappe.db.exists("DocType", values["doctype"]):
		raise missing(f"The DocType {values['doctype']}")
	modified = frappe.db.get_value(values["doctype"], values.get("name"), "modified")
	if not force and modified and str(modified) == str(values.get("modified")):
		return False
	import_document(values)
	return True


def import_doctype(values: dict) -> None:
	"""Replace the description of a DocType and bring its table up to date."""
	name, stamps = (
		values["name"],
		_stamps(),
	)  # the time of the site is in System Settings, which may be what is replaced
	for child in CHILDREN.values():
		frappe.db.delete(child, {"parent": name, "parenttype": "DocType"})
	frappe.db.delete("DocType", {"name": name})
	doc = Document({**stamps, **_without_marks(values), "doctype": "DocType"})
	doc.db_insert()
	for row in doc.get_all_children():
		row.update(
			{**stamps, "name": frappe.generate_hash(length=10), "parent": name, "parenttype": "DocType"}
		)
		row.db_insert()
	clear_meta_cache(name)
	sync_table(name)
	if not is_plain_record(name, values["module"]):
		update = vars(load_doctype_module(name, values["module"])).get("on_doctype_update")
		if update:
			update()


def _stamps() -> dict[str, str]:
	moment, user = now(), frappe.session.user
	return {"creation": moment, "modified": moment, "owner": user, "modified_by": user}


def _without_marks(values: dict) -> dict:
	return {key: value for key, value in values.items() if not key.startswith("__")}


def import_document(values: dict) -> None:
	"""Replace a record as it came, without permissions, validation and link checks."""
	doctype, name = values["doctype"], values.get("name")
	values = _without_marks(values)
	if name and frappe.db.exists(doctype, name):
		left = LEFT_TO_THE_SITE.get(doctype, ())
		if left:
			values |= frappe.db.get_value(doctype, name, list(left), as_dict=True)
		delete_rows(frappe.get_doc(doctype, name))
	doc = frappe.get_doc(values)
	doc.flags.update(ignore_permissions=True, ignore_validate=True, ignore_mandatory=True)
	doc.flags.ignore_links = True
	doc.insert(set_name=name)
	if modified := values.get("modified"):
		frappe.db.set_value(doctype, doc.name, "modified", modified, update_modified=False)
