import frappe
from frappe import _
from frappe.contacts.address_and_contact import tidy_links
from frappe.model.document import Document
from frappe.model.naming import make_autoname


class Address(Document):
	def autoname(self) -> None:
		"""The name is title and type, then a number if taken."""
		if not self.address_title and self.links:
			self.address_title = self.links[0].link_name
		if not self.address_title:
			frappe.throw(_("Address Title is mandatory."))
		base = f"{self.address_title.strip()}-{_(self.address_type).strip()}"
		self.name = make_autoname(f"{base}-.#") if frappe.db.exists("Address", base) else base

	def validate(self) -> None:
		self.replace_preferred()
		tidy_links(self)

	def replace_preferred(self) -> None:
		"""Only one address of a document can be the preferred one."""
		for preference in ("is_primary_address", "is_shipping_address"):
			for row in self.links if self.get(preference) else ():
				link = {"link_doctype": row.link_doctype, "link_name": row.link_name, "parenttype": "Address"}
				others = set(frappe.get_all("Dynamic Link", link, pluck="parent")) - {self.name}
				frappe.db.set_value("Address", {"name": ("in", list(others))}, preference, 0)


def get_address_display(address_dict: dict) -> str:
	"""Return an address as HTML by the template of its country."""
	for filters in ({"country": address_dict.get("country")}, {"is_default": 1}):
		if template := frappe.db.get_value("Address Template", filters, "template"):
			return frappe.render_template(template, address_dict)
	message = _("No default Address Template found. Please create a new one from {0}.")
	frappe.throw(message.format("Setup > Printing and Branding > Address Template"))
