import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime


class Event(Document):
	"""An entry in somebody's calendar, with the documents that take part in it."""

	def validate(self) -> None:
		if self.repeat_this_event:
			raise frappe.missing("Repeating an Event")
		self.starts_on = self.starts_on or now_datetime()
		if self.ends_on and get_datetime(self.ends_on) < get_datetime(self.starts_on):
			frappe.throw(_("Ends On must not be before Starts On"), frappe.ValidationError)

	def on_trash(self) -> None:
		about_it = {"reference_doctype": self.doctype, "reference_name": self.name}
		for name in frappe.get_all("Communication", about_it, pluck="name"):
			frappe.delete_doc("Communication", name, force=True)

	def add_participant(self, doctype: str, docname: str) -> None:
		participant = {"reference_docname": docname, "reference_doctype": doctype}
		self.extend("event_participants", [participant])


def get_permission_query_conditions(user: str | None) -> str:
	"""Users see public events and their own."""
	user = frappe.db.escape(user or frappe.session.user)
	return f"(`tabEvent`.event_type = 'Public' or `tabEvent`.owner = {user})"


def has_permission(doc: "Document", user: str) -> bool:
	return doc.event_type == "Public" or doc.owner == user
