"""The events of a save, before and after the row is written."""

import json

import frappe

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


class DocumentEvents:
	"""Mixed into documents."""

	def run_method(self, method: str, *args, **kwargs):
		"""Call the controller's method and the apps' handlers of the same event; dicts they return are merged.

		Notifications, webhooks and server scripts belong to a bench and are not run."""
		own = getattr(self, method, None)
		result = own(*args, **kwargs) if callable(own) else None
		events = frappe.get_doc_hooks()
		for handler in events.get(self.doctype, {}).get(method, []) + events.get("*", {}).get(method, []):
			answer = frappe.get_attr(handler)(self, method, *args, **kwargs)
			if isinstance(answer, dict) and isinstance(result, dict):
				result.update(answer)
			elif answer is not None:
				result = answer
		return result

	run_trigger = run_method

	def run_before_save_methods(self) -> None:
		if self.meta.track_seen and not self.meta.issingle and not self.is_new():
			self._seen = json.dumps([frappe.session.user])
			frappe.db.set_value(self.doctype, self.name, "_seen", self._seen, update_modified=False)
		if self._action in ("save", "submit"):
			self.run_method("before_validate")
		if self.flags.ignore_validate:
			return
		for event in BEFORE_EVENTS[self._action]:
			self.run_method(event)
		self.set_title_field()

	def run_post_save_methods(self) -> None:
		for event in AFTER_EVENTS[self._action]:
			self.run_method(event)
		if self._action == "cancel":
			self.check_no_back_links_exist()
		self.clear_cache()
		if self.flags.get("notify_update", True):
			self.notify_update()
		self.save_version()
		self.run_method("on_change")
		saving = frappe.flags.currently_saving
		if (self.doctype, self.name) in saving:
			saving.remove((self.doctype, self.name))

	def set_title_field(self) -> None:
		"""Fill `title` from the template in its options, or in its default while the document is new."""
		if self.meta.title_field != "title":
			return
		df = self.meta.get_field("title")
		template = df.options or (df.default if self.is_new() and not self.get("title") else None)
		if template:
			values = {key: "" if value is None else value for key, value in self.as_dict().items()}
			self.set("title", template.format(**values))

	def check_no_back_links_exist(self) -> None:
		from frappe.model.delete_doc import check_if_doc_is_dynamically_linked, check_if_doc_is_linked

		if not self.flags.ignore_links:
			check_if_doc_is_linked(self, method="Cancel")
			check_if_doc_is_dynamically_linked(self, method="Cancel")

	def clear_cache(self) -> None:
		frappe.clear_document_cache(self.doctype, self.name)

	def notify_update(self) -> None:
		data = {"modified": self.modified, "doctype": self.doctype, "name": self.name}
		frappe.publish_realtime("doc_update", data, doctype=self.doctype, docname=self.name, after_commit=True)

	def save_version(self) -> None:
		"""Record what changed, where the DocType tracks changes."""
		if not self.meta.track_changes or self.doctype == "Version" or self.flags.ignore_version:
			return
		if frappe.flags.in_install or (not self.get_doc_before_save() and frappe.flags.in_patch):
			return
		previous = self.get_doc_before_save()
		if not previous and self.get("amended_from"):
			previous = frappe.get_doc(self.doctype, self.amended_from)
		version = frappe.new_doc("Version")
		if version.update_version_info(previous, self):
			version.insert(ignore_permissions=True)
