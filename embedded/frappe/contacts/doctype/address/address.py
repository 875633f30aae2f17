import frappe
from frappe import _
from frappe.contacts.address_and_contact import has_link, linked_to, set_link_title
from frappe.core.doctype.dynamic_link.dynamic_link import deduplicate_dynamic_links
from frappe.model.document import Document
from frappe.model.naming import make_autoname

PREFERENCES = ("is_primary_address", "is_shipping_address")
CONDENSED_FIELDS = ("address_title", "address_line1", "address_line2", "city", "county", "state", "country")


class Address(Document):
	def autoname(self):
		"""The name is title and type, then a number if taken."""
		if not self.address_title and self.links:
			self.address_title = self.links[0].link_name
		if not self.address_title:
			frappe.throw(_("Address Title is mandatory."))
		base = f"{self.address_title.strip()}-{_(self.address_type).strip()}"
		self.name = make_autoname(f"{base}-.#") if frappe.db.exists("Address", base) else base

	def validate(self):
		self.link_as_owner()
		self.replace_preferred()
		set_link_title(self)
		deduplicate_dynamic_links(self)

	def link_as_owner(self):
		"""An address without links belongs where its writer's own contact does."""
		contact = None if self.links else frappe.db.get_value("Contact", {"email_id": self.owner})
		for row in frappe.get_doc("Contact", contact).links if contact else ():
			self.append("links", {"link_doctype": row.link_doctype, "link_name": row.link_name})

	def replace_preferred(self):
		"""Only one address of a document can be the preferred one."""
		for preference in PREFERENCES:
			for row in self.links if self.get(preference) else ():
				filters = [
					*linked_to(row.link_doctype, row.link_name, "Address"),
					[preference, "=", 1],
					["name", "!=", self.name],
				]
				for other in frappe.get_all("Address", filters=filters, pluck="name"):
					frappe.db.set_value("Address", other, preference, 0)

	def get_display(self) -> str | None:
		return get_address_display(self.as_dict())

	def has_link(self, doctype: str, name: str) -> bool:
		return has_link(self, doctype, name)


@frappe.whitelist()
def get_default_address(doctype: str, name: str | None, sort_key: str = "is_primary_address") -> str | None:
	"""Return the preferred address of a document, else any."""
	if sort_key not in PREFERENCES:
		return None
	filters = [*linked_to(doctype, name, "Address"), ["disabled", "=", 0]]
	addresses = frappe.get_all("Address", filters=filters, pluck="name", order_by=f"{sort_key} desc", limit=1)
	return addresses[0] if addresses else None


@frappe.whitelist()
def get_address_display(address_dict: dict | str | None) -> str | None:
	return render_address(address_dict)


def render_address(address: dict | str | None, check_permissions: bool = True) -> str | None:
	"""Return an address as HTML by the template of its country."""
	if not address:
		return None
	if not isinstance(address, dict):
		address = frappe.get_cached_doc("Address", address)
		if check_permissions:
			address.check_permission()
		address = address.as_dict()
	return frappe.render_template(get_address_templates(address)[1], address)


def get_address_templates(address: dict) -> tuple[str, str]:
	"""Return name and text of the template of the country, else of the default one."""
	for filters in ({"country": address.get("country")}, {"is_default": 1}):
		if template := frappe.db.get_value("Address Template", filters, ["name", "template"]):
			return template
	frappe.throw(
		_(
			"No default Address Template found. Please create a new one from Setup > Printing and Branding > Address Template."
		)
	)


def get_condensed_address(doc) -> str:
	return ", ".join(doc.get(fieldname) for fieldname in CONDENSED_FIELDS if doc.get(fieldname))


def get_address_display_list(doctype: str, name: str) -> list[dict]:
	"""Return the addresses of a document with their HTML, the preferred one first."""
	if not frappe.has_permission("Address", "read"):
		return []
	addresses = frappe.get_list(
		"Address",
		filters=linked_to(doctype, name, "Address"),
		fields=["*"],
		order_by="is_primary_address desc, `tabAddress`.creation asc",
	)
	for address in addresses:
		address.display = get_address_display(address)
	return addresses
