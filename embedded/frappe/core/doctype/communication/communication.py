import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import parse_addr, split_emails, strip_html, validate_email_address

SUBJECT_LENGTH = 141


class Communication(Document):
	"""A mail, call or meeting with somebody, shown on the document it refers to."""

	def validate(self) -> None:
		self.validate_reference()
		self.set_missing_values()
		if self.communication_medium == "Email":
			self.validate_addresses()
			self.set_timeline_links()
		self.set_sender_full_name()

	def on_update(self) -> None:
		self.update_parent()

	def validate_reference(self) -> None:
		if not (self.reference_doctype and self.reference_name):
			return
		if frappe.get_meta(self.reference_doctype).istable:
			message = _("Cannot create a {0} against a child document: {1}")
			frappe.throw(message.format(_(self.communication_type), _(self.reference_doctype)))
		if not self.reference_owner:
			self.reference_owner = frappe.db.get_value(self.reference_doctype, self.reference_name, "owner")

	def set_missing_values(self) -> None:
		self.user = self.user or frappe.session.user
		self.subject = self.subject or strip_html((self.content or "")[:SUBJECT_LENGTH])
		if not self.sent_or_received:
			self.seen, self.sent_or_received = 1, "Sent"
		if self.is_new():
			is_open = self.communication_type == "Communication"
			self.status = "Linked" if self.reference_name else "Open" if is_open else "Closed"

	def validate_addresses(self) -> None:
		if self.communication_type == "Communication" and not self.flags.in_receive:
			for address in split_emails(",".join(filter(None, (self.recipients, self.cc, self.bcc)))):
				validate_email_address(address, throw=True)

	def set_timeline_links(self) -> None:
		"""Show the mail also with the contacts it went to or came from, and with what they are linked to."""
		people = split_emails(",".join(filter(None, (self.sender, self.recipients, self.cc, self.bcc))))
		filters = {"parenttype": "Contact", "email_id": ("in", [parse_addr(person)[1] for person in people])}
		contacts = frappe.get_all("Contact Email", filters, pluck="parent")
		filters = {"parenttype": "Contact", "parent": ("in", contacts)}
		rows = frappe.get_all("Dynamic Link", filters, ["link_doctype", "link_name"]) if contacts else []
		links = [(row.link_doctype, row.link_name) for row in [*self.timeline_links, *rows]]
		links = dict.fromkeys([*links, *(("Contact", contact) for contact in contacts)])
		self.set("timeline_links", [{"link_doctype": doctype, "link_name": name} for doctype, name in links])

	def set_sender_full_name(self) -> None:
		"""Part `Name <address>`; without a name, take that of the user or contact with the address."""
		if self.sender_full_name or not self.sender:
			return
		if self.sender in frappe.STANDARD_USERS:
			user = frappe.get_cached_doc("User", self.sender)
			self.update({"sender": user.email, "sender_full_name": user.full_name})
			return
		if self.sent_or_received == "Sent":
			validate_email_address(self.sender, throw=True)
		written, self.sender = parse_addr(self.sender)
		self.sender_full_name = written if written != self.sender else None
		for doctype, filters in (("User", self.sender), ("Contact", {"email_id": self.sender})):
			self.sender_full_name = self.sender_full_name or frappe.db.get_value(
				doctype, filters, "full_name"
			)
		self.sender_full_name = self.sender_full_name or self.sender

	def update_parent(self) -> None:
		"""Tell the document."""
		if not (self.reference_doctype and self.reference_name) or self.communication_type == "Comment":
			return
		parent = frappe.get_doc(self.reference_doctype, self.reference_name)
		if hasattr(parent, "on_communication_update"):
			parent.on_communication_update(self)
			return
		update_parent_document_on_communication(self)


def update_parent_document_on_communication(communication: Document) -> None:
	"""Reopen a replied document for a received message."""
	parent = frappe.get_doc(communication.reference_doctype, communication.reference_name)
	options = getattr(parent.meta.get_field("status"), "options", None) or ""
	waits_for_answer = "Open" in options.split("\n") and parent.status == "Replied"
	if waits_for_answer and communication.sent_or_received == "Received":
		parent.db_set("status", "Open")
	parent.run_method("notify_communication", communication)


def has_permission(doc: "Document", ptype: str, user: str | None = None) -> bool | None:
	"""Whoever may read the document may read what was written about it."""
	reference = (doc.reference_doctype, doc.reference_name)
	if ptype != "read" or not all(reference) or reference == ("Communication", doc.name):
		return None
	return frappe.has_permission(reference[0], doc=reference[1], user=user)


def get_permission_query_conditions_for_communication(user: str | None) -> str | None:
	"""Mails are listed only for system managers: other users reach them through their documents."""
	if {"Super Email User", "System Manager"} & set(frappe.get_roles(user or frappe.session.user)):
		return None
	return "`tabCommunication`.communication_medium != 'Email'"
