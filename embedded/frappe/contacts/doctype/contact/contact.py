import frappe
from frappe import _
from frappe.contacts.address_and_contact import has_link, linked_to, set_link_title
from frappe.core.doctype.dynamic_link.dynamic_link import deduplicate_dynamic_links
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class Contact(Document):
	def autoname(self):
		"""The name is the full name, then what the contact belongs to, then a number if taken."""
		self.name = self.get_full_name()
		if self.links:
			self.name = f"{self.name}-{self.links[0].link_name.strip()}"
		if frappe.db.exists("Contact", self.name):
			self.name = append_number_if_name_exists("Contact", self.name)

	def validate(self):
		self.full_name = self.get_full_name()
		self.set_primary_email()
		self.set_primary_number("phone", "is_primary_phone")
		self.set_primary_number("mobile_no", "is_primary_mobile_no")
		self.set_user()
		set_link_title(self)
		deduplicate_dynamic_links(self)

	def set_primary_email(self):
		if len(self.email_ids) == 1:
			self.email_ids[0].is_primary = 1
		primary = [row.email_id for row in self.email_ids if row.is_primary]
		if len(primary) > 1:
			frappe.throw(_("Only one {0} can be set as primary.").format(frappe.bold(_("Email ID"))))
		self.email_id = primary[0].strip() if primary else ""

	def set_primary_number(self, fieldname: str, flag: str):
		primary = [row.phone for row in self.phone_nos if row.get(flag)]
		if len(primary) > 1:
			label = frappe.bold(frappe.unscrub(fieldname))
			frappe.throw(_("Only one {0} can be set as primary.").format(label))
		self.set(fieldname, primary[0] if primary else "")

	def set_user(self):
		if not self.user and self.email_id:
			self.user = frappe.db.get_value("User", {"email": self.email_id})

	def add_email(self, email_id: str, is_primary: int = 0, autosave: bool = False):
		if email_id not in [row.email_id for row in self.email_ids]:
			self.append("email_ids", {"email_id": email_id, "is_primary": is_primary})
			if autosave:
				self.save(ignore_permissions=True)

	def add_phone(
		self, phone: str, is_primary_phone: int = 0, is_primary_mobile_no: int = 0, autosave: bool = False
	):
		if phone not in [row.phone for row in self.phone_nos]:
			row = {"is_primary_phone": is_primary_phone, "is_primary_mobile_no": is_primary_mobile_no}
			self.append("phone_nos", {"phone": phone, **row})
			if autosave:
				self.save(ignore_permissions=True)

	def get_link_for(self, link_doctype: str) -> str | None:
		return next((row.link_name for row in self.links if row.link_doctype == link_doctype), None)

	def has_link(self, doctype: str, name: str) -> bool:
		return has_link(self, doctype, name)

	def get_full_name(self) -> str:
		return get_full_name(self.first_name, self.middle_name, self.last_name, self.company_name)


def get_full_name(
	first: str | None = None,
	middle: str | None = None,
	last: str | None = None,
	company: str | None = None,
) -> str:
	return " ".join(part.strip() for part in (first, middle, last) if part) or company or ""


def get_default_contact(doctype: str, name: str) -> str | None:
	"""Return the primary contact of a document, else its first."""
	filters = {"link_doctype": doctype, "link_name": name, "parenttype": "Contact"}
	contacts = frappe.get_all("Dynamic Link", filters, pluck="parent", order_by="creation")
	primary = frappe.get_all("Contact", {"name": ("in", contacts), "is_primary_contact": 1}, pluck="name")
	return next((contact for contact in contacts if contact in primary), contacts[0] if contacts else None)


@frappe.whitelist()
def get_contact_details(contact: str) -> dict[str, str | None]:
	"""Return a contact under the names of the contact fields of a transaction."""
	doc = frappe.get_doc("Contact", contact)
	doc.check_permission()
	return {
		"contact_person": doc.name,
		"contact_display": doc.full_name,
		"contact_email": doc.email_id,
		"contact_mobile": doc.mobile_no,
		"contact_phone": doc.phone,
		"contact_designation": doc.designation,
		"contact_department": doc.department,
	}


def get_contact_name(email_id: str) -> str | None:
	"""Return the contact who has this e-mail address."""
	filters = {"email_id": email_id, "parenttype": "Contact"}
	return next(iter(frappe.get_all("Contact Email", filters, pluck="parent", limit=1)), None)


def get_contact_display_list(doctype: str, name: str) -> list[dict]:
	"""Return the contacts of a document with their other addresses and numbers, the primary one first."""
	if not frappe.has_permission("Contact", "read"):
		return []
	contacts = frappe.get_list(
		"Contact",
		filters=linked_to(doctype, name, "Contact"),
		fields=["*"],
		order_by="is_primary_contact desc, `tabContact`.creation asc",
	)
	for contact in contacts:
		_add_other_ways(contact)
	return contacts


def _add_other_ways(contact) -> None:
	from frappe.contacts.doctype.address.address import get_condensed_address

	rows = {"parenttype": "Contact", "parent": contact.name}
	contact.email_ids = frappe.get_all("Contact Email", {**rows, "is_primary": 0}, ["email_id"])
	secondary = {**rows, "is_primary_phone": 0, "is_primary_mobile_no": 0}
	contact.phone_nos = frappe.get_all("Contact Phone", secondary, ["phone"])
	if contact.address and frappe.has_permission("Address", "read"):
		contact.address = get_condensed_address(frappe.get_doc("Address", contact.address))
