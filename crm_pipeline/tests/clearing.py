"""Taking away what tests have committed, as if it had never been."""

import frappe


def remove(doctype: str, name: str) -> None:
	"""Delete a record for good, a submitted one too."""
	if doctype == "User":
		_remove_what_frappe_keeps_of(name)
	frappe.db.delete("Notification Log", {"document_type": doctype, "document_name": name})
	doc = frappe.get_doc(doctype, name)
	if doc.docstatus == 1:
		doc.cancel()
	_delete(doctype, name)


def _remove_what_frappe_keeps_of(user: str) -> None:
	"""Delete the contact that Frappe makes of a user, their defaults, and what they wrote beside records."""
	for contact in frappe.get_all("Contact", {"user": user}, pluck="name"):
		_delete("Contact", contact)
	frappe.db.delete("DefaultValue", {"parent": user})
	for doctype in ("Comment", "Version"):
		frappe.db.delete(doctype, {"owner": user})
	frappe.db.delete("Sessions", {"user": user})


def _delete(doctype: str, name: str) -> None:
	frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
