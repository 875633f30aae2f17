"""Contacts and addresses of any document, which they point at through Dynamic Link rows."""

import frappe
from frappe.runtime.missing import missing_in

__getattr__ = missing_in(__name__)


def load_address_and_contact(doc, key: str | None = None) -> None:
	"""Put the addresses and contacts of a document into its `__onload`, where the form shows them."""
	from frappe.contacts.doctype.address.address import get_address_display

	addresses = get_linked("Address", doc.doctype, doc.name, "is_primary_address")
	for address in addresses:
		address.display = get_address_display(address)
	contacts = get_linked("Contact", doc.doctype, doc.name, "is_primary_contact")
	for contact in contacts:
		rows = {"parenttype": "Contact", "parent": contact.name}
		contact.email_ids = frappe.get_all("Contact Email", {**rows, "is_primary": 0}, ["email_id"])
		secondary = {**rows, "is_primary_phone": 0, "is_primary_mobile_no": 0}
		contact.phone_nos = frappe.get_all("Contact Phone", secondary, ["phone"])
	doc.set_onload("addr_list", addresses)
	doc.set_onload("contact_list", contacts)


def get_linked(parenttype: str, doctype: str, name: str, preferred: str) -> list["frappe._dict"]:
	"""Return the contacts or addresses of a document that the user may read, the preferred one first."""
	if not frappe.has_permission(parenttype, "read"):
		return []
	link = {"link_doctype": doctype, "link_name": name, "parenttype": parenttype}
	return frappe.get_list(
		parenttype,
		filters=[["Dynamic Link", field, "=", value] for field, value in link.items()],
		fields=["*"],
		order_by=f"{preferred} desc, `tab{parenttype}`.creation asc",
	)


def delete_contact_and_address(doctype: str, docname: str) -> None:
	"""Delete the contacts and addresses of this document alone; unlink it from shared ones."""
	link = {"link_doctype": doctype, "link_name": docname}
	for parenttype in ("Contact", "Address"):
		for name in frappe.get_all("Dynamic Link", {"parenttype": parenttype, **link}, pluck="parent"):
			doc = frappe.get_doc(parenttype, name)
			if len(doc.links) == 1:
				doc.delete()
				continue
			for row in [row for row in doc.links if (row.link_doctype, row.link_name) == (doctype, docname)]:
				doc.remove(row)
			doc.save()


def tidy_links(doc) -> None:
	"""Keep one row for each document that a contact or address is linked to, with that document's title."""
	seen = set()
	for row in list(doc.links):
		row.link_title = frappe.get_doc(row.link_doctype, row.link_name).get_title() or row.link_name
		link = (row.link_doctype, row.link_name)
		if link in seen:
			doc.remove(row)
		seen.add(link)
