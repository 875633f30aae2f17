"""Contacts and addresses of any document, which they point at through Dynamic Link rows."""

import frappe


def load_address_and_contact(doc, key: str | None = None) -> None:
	"""Put the addresses and contacts of a document into its `__onload`, where the form shows them."""
	from frappe.contacts.doctype.address.address import get_address_display_list
	from frappe.contacts.doctype.contact.contact import get_contact_display_list

	doc.set_onload("addr_list", get_address_display_list(doc.doctype, doc.name))
	doc.set_onload("contact_list", get_contact_display_list(doc.doctype, doc.name))


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


def linked_to(doctype: str, name: str, parenttype: str) -> list[list]:
	"""Return the filters that find the contacts or addresses of a document."""
	return [
		["Dynamic Link", "link_doctype", "=", doctype],
		["Dynamic Link", "link_name", "=", name],
		["Dynamic Link", "parenttype", "=", parenttype],
	]


def set_link_title(doc) -> None:
	for row in doc.links:
		row.link_title = frappe.get_doc(row.link_doctype, row.link_name).get_title() or row.link_name


def has_link(doc, doctype: str, name: str) -> bool:
	return any((row.link_doctype, row.link_name) == (doctype, name) for row in doc.links)
