import frappe
from frappe import _
from frappe.core.doctype.comment.comment import update_comment_in_doc
from frappe.core.doctype.communication.effects import update_parent_document_on_communication
from frappe.core.doctype.communication.mixins import CommunicationEmailMixin
from frappe.core.utils import get_parent_doc
from frappe.model.document import Document
from frappe.utils import parse_addr, split_emails, strip_html, validate_email_address

SUBJECT_LENGTH = 141


class Communication(Document, CommunicationEmailMixin):
	"""A mail, call or meeting with somebody, shown on the document it refers to."""

	no_feed_on_delete = True

	def validate(self):
		self.validate_reference()
		self.set_missing_values()
		self.validate_addresses()
		if self.communication_medium == "Email":
			self.set_timeline_links()
		self.set_sender_full_name()
		if self.is_new():
			self.set_status()

	def after_insert(self):
		if self.reference_doctype == "Communication" and self.sent_or_received == "Sent":
			frappe.db.set_value("Communication", self.reference_name, "status", "Replied")

	def on_update(self):
		update_comment_in_doc(self)
		parent = get_parent_doc(self)
		if hasattr(parent, "on_communication_update"):
			parent.on_communication_update(self)
		elif self.comment_type != "Updated":
			update_parent_document_on_communication(self)

	def validate_reference(self):
		if not (self.reference_doctype and self.reference_name):
			return
		if frappe.get_meta(self.reference_doctype).istable:
			frappe.throw(
				_("Cannot create a {0} against a child document: {1}").format(
					_(self.communication_type), _(self.reference_doctype)
				)
			)
		if not self.reference_owner:
			self.reference_owner = frappe.db.get_value(self.reference_doctype, self.reference_name, "owner")
		if self.reference_doctype == "Communication":
			self.validate_circular_reference()

	def validate_circular_reference(self):
		seen, doc = set(), self
		while doc and doc.reference_doctype == "Communication":
			if doc.reference_name in seen | {self.name}:
				frappe.throw(
					_("Please make sure the Reference Communication Docs are not circularly linked."),
					frappe.CircularLinkingError,
				)
			seen.add(doc.reference_name)
			doc = get_parent_doc(doc)

	def set_missing_values(self):
		self.user = self.user or frappe.session.user
		self.subject = self.subject or strip_html((self.content or "")[:SUBJECT_LENGTH])
		self.send_after = self.send_after or None
		if not self.sent_or_received:
			self.seen, self.sent_or_received = 1, "Sent"

	def validate_addresses(self):
		if not self.is_email_communication() or self.flags.in_receive:
			return
		for addresses in (self.recipients, self.cc, self.bcc):
			for address in split_emails(addresses):
				validate_email_address(address, throw=True)

	def set_timeline_links(self):
		"""Show the mail also with the contacts it went to or came from, and with what they are linked to."""
		links = {(row.link_doctype, row.link_name): True for row in self.timeline_links}
		for contact in get_contacts([self.sender, self.recipients, self.cc, self.bcc]):
			links["Contact", contact] = True
			filters = {"parenttype": "Contact", "parent": contact}
			for row in frappe.get_all("Dynamic Link", filters, ["link_doctype", "link_name"]):
				links[row.link_doctype, row.link_name] = True
		self.set("timeline_links", [])
		for doctype, name in links:
			self.add_link(doctype, name)

	def set_sender_full_name(self):
		if self.sender_full_name or not self.sender:
			return
		if self.sender == "Guest":
			self.sender, self.sender_full_name = None, self.sender
		elif self.sender == "Administrator":
			self.sender, self.sender_full_name = frappe.db.get_value(
				"User", self.sender, ["email", "full_name"]
			)
		else:
			self.split_sender()

	def split_sender(self):
		"""Part `Name <address>`; without a name, take that of the user or contact with the address."""
		if self.sent_or_received == "Sent":
			validate_email_address(self.sender, throw=True)
		name, self.sender = parse_addr(self.sender)
		if name == self.sender:
			name = None
		self.sender_full_name = (
			name
			or frappe.db.get_value("User", self.sender, "full_name")
			or frappe.db.get_value("Contact", {"email_id": self.sender}, "full_name")
			or self.sender
		)

	def set_status(self):
		if self.reference_doctype and self.reference_name:
			self.status = "Linked"
		else:
			self.status = "Open" if self.communication_type == "Communication" else "Closed"
		if self.send_after:
			self.delivery_status = "Scheduled"

	def add_link(self, link_doctype: str, link_name: str, autosave: bool = False):
		self.append("timeline_links", {"link_doctype": link_doctype, "link_name": link_name})
		if autosave:
			self.save(ignore_permissions=True)

	def get_links(self) -> list:
		return self.timeline_links

	def remove_link(self, link_doctype, link_name, autosave=False, ignore_permissions=True):
		for row in list(self.timeline_links):
			if (row.link_doctype, row.link_name) == (link_doctype, link_name):
				self.remove(row)
		if autosave:
			self.save(ignore_permissions=ignore_permissions)


def get_contacts(email_strings: list[str | None]) -> list[str]:
	"""Return the contacts who have one of these addresses."""
	from frappe.contacts.doctype.contact.contact import get_contact_name

	addresses = [parse_addr(email)[1] for text in email_strings for email in split_emails(text)]
	contacts = (get_contact_name(address) for address in dict.fromkeys(addresses) if address)
	return [contact for contact in contacts if contact]


def on_doctype_update():
	frappe.db.add_index("Communication", ["reference_doctype", "reference_name"])
	frappe.db.add_index("Communication", ["status", "communication_type"])


def has_permission(doc, ptype: str, user: str | None = None):
	"""Whoever may read the document may read what was written about it."""
	if ptype != "read" or not doc.reference_doctype or not doc.reference_name:
		return None
	if (doc.reference_doctype, doc.reference_name) == ("Communication", doc.name):
		return None
	return frappe.has_permission(doc.reference_doctype, "read", doc.reference_name, user=user)


def get_permission_query_conditions_for_communication(user: str | None) -> str | None:
	"""Mails are listed only for system managers: other users reach them through their documents."""
	if {"Super Email User", "System Manager"} & set(frappe.get_roles(user or frappe.session.user)):
		return None
	return "`tabCommunication`.communication_medium != 'Email'"
