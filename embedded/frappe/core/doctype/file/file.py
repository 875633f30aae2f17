import frappe
from frappe.model.document import Document


class File(Document):
	"""The record of a file somewhere else. The host stores no contents."""

	def before_insert(self) -> None:
		if self.get("content") or not (self.file_url or self.is_folder):
			raise frappe.missing("Storing files")


def get_permission_query_conditions(user: str | None) -> str | None:
	"""Private files are listed to their owners; a bench also lists those of documents that the user may read."""
	user = user or frappe.session.user
	file = f"`tabFile`.is_private = 0 or `tabFile`.owner = {frappe.db.escape(user)}"
	return None if user == "Administrator" else f"({file})"


def has_permission(doc: "Document", ptype: str, user: str) -> bool:
	"""Files are their owner's, and as open as the document that they are attached to; all may read public ones."""
	is_public = not doc.is_private and ptype in ("read", "select")
	if ptype == "create" or is_public or user in ("Administrator", doc.owner):
		return True
	if not frappe.db.exists(doc.attached_to_doctype or "File", doc.attached_to_name or ""):
		return False
	needed = "write" if ptype in ("write", "delete") else "read"
	parent = frappe.get_doc(doc.attached_to_doctype, doc.attached_to_name)
	return frappe.permissions.has_permission(parent.doctype, needed, parent, user=user, raise_exception=False)
