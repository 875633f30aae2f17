"""What users and other code do to a document besides saving it."""

import json

import frappe
from frappe import is_whitelisted
from frappe.model.docstatus import DocStatus
from frappe.types import _dict
from frappe.utils import get_absolute_url


class DocumentActions:
	"""Mixed into documents."""

	def _submit(self):
		self.docstatus = DocStatus.SUBMITTED
		return self.save()

	def _cancel(self):
		self.docstatus = DocStatus.CANCELLED
		return self.save()

	@frappe.whitelist()
	def submit(self):
		return self._submit()

	@frappe.whitelist()
	def cancel(self):
		return self._cancel()

	@frappe.whitelist()
	def rename(self, name: str, merge=False, force=False, validate_rename=True):
		from frappe.model.rename_doc import rename_doc

		self.name = rename_doc(doc=self, new=name, merge=merge, force=force, validate=validate_rename)
		self.reload()

	def delete(self, ignore_permissions: bool = False, force: bool = False, *, delete_permanently: bool = False) -> None:
		frappe.delete_doc(
			self.doctype,
			self.name,
			ignore_permissions=ignore_permissions,
			flags=self.flags,
			force=force,
			delete_permanently=delete_permanently,
		)

	def is_whitelisted(self, method_name: str) -> None:
		method = getattr(self, method_name, None)
		if not method:
			raise frappe.exceptions.NotFound(f"Method {method_name} not found")
		is_whitelisted(getattr(method, "__func__", method))

	@frappe.whitelist()
	def add_comment(self, comment_type="Comment", text=None, comment_email=None, comment_by=None):
		return frappe.get_doc(
			doctype="Comment",
			comment_type=comment_type,
			comment_email=comment_email or frappe.session.user,
			comment_by=comment_by,
			reference_doctype=self.doctype,
			reference_name=self.name,
			content=text or comment_type,
		).insert(ignore_permissions=True)

	def add_seen(self, user: str | None = None) -> None:
		"""Note that the user has looked at the document, where the DocType tracks that."""
		user = user or frappe.session.user
		seen = json.loads(self.get("_seen") or "[]")
		if self.meta.track_seen and not self.meta.issingle and user not in seen:
			value = json.dumps([*seen, user])
			frappe.db.set_value(self.doctype, self.name, "_seen", value, update_modified=False)
			frappe.flags.commit = True

	def log_error(self, title=None, message=None):
		return frappe.log_error(
			message=message, title=title, reference_doctype=self.doctype, reference_name=self.name
		)

	def set_onload(self, key: str, value) -> None:
		self.get_onload()[key] = value

	def get_onload(self, key: str | None = None):
		onload = self.__dict__.setdefault("__onload", _dict())
		return onload[key] if key else onload

	def get_title(self) -> str:
		return self.get(self.meta.get_title_field()) or ""

	def get_url(self) -> str:
		return get_absolute_url(self.doctype, self.name)
