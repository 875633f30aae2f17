import hashlib
from pathlib import Path

import frappe
from frappe.model.document import Document

PRIVATE = "private/files"  # below the site, and in the address


class File(Document):
	"""A private file of the site, or the record of one somewhere else. Public ones are not stored."""

	def before_insert(self) -> None:
		content = self.__dict__.pop("content", None)
		if content is not None and self.is_private:
			self.store(content.encode() if isinstance(content, str) else content)
		elif content is not None or not (self.file_url or self.is_folder):
			raise frappe.missing("Storing public files")

	def on_trash(self) -> None:
		if self.is_stored() and frappe.db.count("File", {"file_url": self.file_url}) == 1:
			self.path().unlink(missing_ok=True)

	def store(self, content: bytes) -> None:
		"""Keep the content under a name that no other file has."""
		folder = Path(frappe.get_site_path(*PRIVATE.split("/")))
		folder.mkdir(parents=True, exist_ok=True)
		name = Path(self.file_name).name
		if (folder / name).exists():
			name = f"{Path(name).stem}{frappe.generate_hash(length=6)}{Path(name).suffix}"
		(folder / name).write_bytes(content)
		self.file_name, self.file_url = name, f"/{PRIVATE}/{name}"
		self.file_size, self.content_hash = (
			len(content),
			hashlib.md5(content, usedforsecurity=False).hexdigest(),
		)

	def get_content(self) -> bytes | str:
		"""Return what the file holds, as text where it is some."""
		if not self.is_stored():
			raise frappe.missing("The content of files that lie elsewhere")
		content = self.path().read_bytes()
		try:
			return content.decode()
		except UnicodeDecodeError:
			return content

	def is_stored(self) -> bool:
		return bool(self.is_private and (self.file_url or "").startswith(f"/{PRIVATE}/"))

	def path(self) -> Path:
		return Path(frappe.get_site_path(*PRIVATE.split("/"), Path(self.file_url).name))


def get_permission_query_conditions(user: str | None) -> str | None:
	"""Private files are listed to their owners; a bench also lists those of documents that the user may read."""
	user = user or frappe.session.user
	file = f"`tabFile`.is_private = 0 or `tabFile`.owner = {frappe.db.escape(user)}"
	return None if user == "Administrator" else f"({file})"


def has_permission(doc: "Document", ptype: str, user: str) -> bool:
	"""Files are their owner's, and as open as the document that they are attached to; all may read public ones."""
	is_public = not doc.is_private and ptype in ("read", "select")
	is_own = user != "Guest" and doc.owner == user
	if ptype == "create" or is_public or user == "Administrator" or is_own:
		return True
	if not frappe.db.exists(doc.attached_to_doctype or "File", doc.attached_to_name or ""):
		return False
	needed = "write" if ptype in ("write", "delete") else "read"
	parent = frappe.get_doc(doc.attached_to_doctype, doc.attached_to_name)
	return frappe.permissions.has_permission(parent.doctype, needed, parent, user=user, raise_exception=False)
