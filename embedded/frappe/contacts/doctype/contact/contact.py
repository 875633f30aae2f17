import frappe
from frappe import _
from frappe.contacts.address_and_contact import tidy_links
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class Contact(Document):
	def autoname(self) -> None:
		"""The name is the full name, then what the contact belongs to, then a number if taken."""
		parts = [self.get_full_name(), *(row.link_name.strip() for row in self.links[:1])]
		self.name = append_number_if_name_exists("Contact", "-".join(parts))

	def validate(self) -> None:
		self.full_name = self.get_full_name()
		if len(self.email_ids) == 1:
			self.email_ids[0].is_primary = 1
		self.email_id = self.get_primary("email_ids", "email_id", "is_primary").strip()
		self.phone = self.get_primary("phone_nos", "phone", "is_primary_phone")
		self.mobile_no = self.get_primary("phone_nos", "phone", "is_primary_mobile_no")
		if not self.user and self.email_id:
			self.user = frappe.db.get_value("User", {"email": self.email_id})
		tidy_links(self)

	def get_primary(self, table: str, fieldname: str, flag: str) -> str:
		"""Return the address or number marked in a table, "" for none. Raises ValidationError for more."""
		primary = [row.get(fieldname) for row in self.get(table) if row.get(flag)]
		if len(primary) > 1:
			label = frappe.bold(_(frappe.get_meta(self.meta.get_field(table).options).get_label(fieldname)))
			frappe.throw(_("Only one {0} can be set as primary.").format(label))
		return primary[0] if primary else ""

	def get_full_name(self) -> str:
		names = (self.first_name, self.middle_name, self.last_name)
		return " ".join(name.strip() for name in names if name) or self.company_name or ""


def get_default_contact(doctype: str, name: str) -> str | None:
	"""Return the primary contact of a document, else its first."""
	filters = {"link_doctype": doctype, "link_name": name, "parenttype": "Contact"}
	contacts = frappe.get_all("Dynamic Link", filters, pluck="parent", order_by="creation")
	primary = frappe.get_all("Contact", {"name": ("in", contacts), "is_primary_contact": 1}, pluck="name")
	return next((contact for contact in contacts if contact in primary), contacts[0] if contacts else None)


def get_contact_name(email_id: str) -> str | None:
	"""Return the contact who has this e-mail address."""
	of_contact = {"parenttype": "Contact", "email_id": email_id}
	return frappe.db.get_value("Contact Email", of_contact, fieldname="parent")
