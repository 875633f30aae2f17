"""The events of a save, and what users and other code do to a document besides saving it."""

from typing import TYPE_CHECKING, Any

import frappe
from frappe.model.delete_doc import check_no_back_links_exist
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.document import Document

BEFORE_EVENTS = {
	"save": ("validate", "before_save"),
	"submit": ("validate", "before_submit"),
	"cancel": ("before_cancel",),
	"update_after_submit": ("before_update_after_submit",),
}
AFTER_EVENTS = {
	"save": ("on_update",),
	"submit": ("on_update", "on_submit"),
	"cancel": ("on_cancel",),
	"update_after_submit": ("on_update_after_submit",),
}


class DocumentActions:
	"""Mixed into documents."""

	# events

	def run_method(self, method: str, *args: Any, **kwargs: Any) -> Any:
		"""Call the controller's method and the apps' handlers of the same event; dicts they return are merged.

		Notifications, webhooks, server scripts and versions belong to a bench: none are run or kept."""
		own = getattr(self, method, None)
		result = own(*args, **kwargs) if callable(own) or method in self.__dict__ else None
		events = frappe.get_doc_hooks()
		for handler in events.get(self.doctype, {}).get(method, []) + events.get("*", {}).get(method, []):
			answer = frappe.get_attr(handler)(self, method, *args, **kwargs)
			if isinstance(answer, dict) and isinstance(result, dict):
				result.update(answer)
			elif answer is not None:
				result = answer
		return result

	def run_before_save_methods(self) -> None:
		if self._action in ("save", "submit"):
			self.run_method("before_validate")
		if self.flags.ignore_validate:
			return
		for event in BEFORE_EVENTS[self._action]:
			self.run_method(event)
		self._refuse_title_template()

	def _run_post_save_methods(self) -> None:
		for event in AFTER_EVENTS[self._action]:
			self.run_method(event)
		if self._action == "cancel" and not self.flags.ignore_links:
			check_no_back_links_exist(self, "Cancel")
		frappe.clear_document_cache(self.doctype, self.name)
		self.run_method("on_change")
		saving = frappe.flags.currently_saving
		if (self.doctype, self.name) in saving:
			saving.remove((self.doctype, self.name))

	def _refuse_title_template(self) -> None:
		df = self.meta.get_field("title") if self.meta.title_field == "title" else None
		if df and (df.options or df.default):
			raise frappe.missing("A title made from a template")

	# actions

	def submit(self) -> "Document":
		return self.update({"docstatus": 1}).save()

	def cancel(self) -> "Document":
		return self.update({"docstatus": 2}).save()

	def delete(self, ignore_permissions: bool = False, force: bool = False) -> None:
		switches = {"force": force, "ignore_permissions": ignore_permissions}
		frappe.delete_doc(name=self.name, doctype=self.doctype, flags=self.flags, **switches)

	def is_whitelisted(self, method_name: str) -> None:
		"""Refuse a method that clients may not call, or that is not there."""
		for owner in (type(self), self):
			if callable(function := getattr(owner, method_name, None)):
				frappe.is_whitelisted(function)
				return
		raise frappe.exceptions.NotFound(f"Method {method_name} not found")

	@frappe.whitelist()
	def add_comment(
		self,
		comment_type: str = "Comment",
		text: str | None = None,
		comment_email: str | None = None,
		comment_by: str | None = None,
	) -> "Document":
		values = {"comment_type": comment_type, "content": text or comment_type}
		values |= {"comment_email": comment_email, "comment_by": comment_by}
		reference = {f"reference_{key}": self.get(key) for key in ("doctype", "name")}
		return frappe.new_doc("Comment", **values, **reference).insert(ignore_permissions=True)

	def set_onload(self, key: str, value: Any) -> None:
		self.get_onload()[key] = value

	def get_onload(self, key: str | None = None) -> Any:
		onload = self.__dict__.setdefault("__onload", _dict())
		return onload[key] if key else onload

	def add_tag(self, tag: str) -> None:
		"""Give the record a tag; tags are texts here, in one column, each after a comma."""
		tags = [
			each
			for each in (frappe.db.get_value(self.doctype, self.name, "_user_tags") or "").split(",")
			if each
		]
		if tag not in tags:
			joined = "".join(f",{each}" for each in [*tags, tag])
			frappe.db.set_value(self.doctype, self.name, "_user_tags", joined, update_modified=False)

	def save_version(self) -> None:
		"""Keep no version: they belong to a bench."""

	def get_title(self) -> str:
		return self.get(self.meta.get_title_field()) or ""
