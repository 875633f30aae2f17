import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint


class UserPermission(Document):
	"""Limits a user to some records of a DocType, and to what links to these."""

	def validate(self) -> None:
		if cint(self.hide_descendants):
			raise frappe.missing("User Permission.hide_descendants")
		if cint(self.apply_to_all_doctypes):
			self.applicable_for = None
		self.refuse_duplicate()

	def on_update(self) -> None:
		frappe.clear_cache(user=self.user)

	def on_trash(self) -> None:
		frappe.clear_cache(user=self.user)

	def refuse_duplicate(self) -> None:
		same = ("user", "allow", "for_value", "applicable_for", "apply_to_all_doctypes")
		filters = {field: self.get(field) or "" for field in same if field != "apply_to_all_doctypes"}
		filters |= {
			"apply_to_all_doctypes": cint(self.apply_to_all_doctypes),
			"name": ["!=", self.name or ""],
		}
		if frappe.get_all(self.doctype, filters=filters, limit=1):
			frappe.throw(_("User permission already exists"), frappe.DuplicateEntryError)


def get_user_permissions(user: str | None = None) -> dict[str, list]:
	"""What a user is limited to: per DocType the records, each as `doc`, `applicable_for` and `is_default`."""
	user = user or frappe.session.user
	if user in ("Administrator", "Guest"):
		return {}
	key = ("user_permissions", user)
	if key not in frappe.local.cache:
		fields = ["allow", "for_value as doc", "applicable_for", "is_default"]
		limits: dict[str, list] = {}
		for row in frappe.get_all("User Permission", filters={"user": user}, fields=fields):
			limits.setdefault(row.pop("allow"), []).append(row)
		frappe.local.cache[key] = limits
	return frappe.local.cache[key]
