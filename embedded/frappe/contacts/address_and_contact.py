"""Contacts and addresses of any document, which they point at through Dynamic Link rows."""

from typing import TYPE_CHECKING

import frappe

if TYPE_CHECKING:
	from frappe.model.document import Document


def load_address_and_contact(doc: "Document", key: str | None = None) -> None:
	"""On a bench: put the addresses and contacts of a document into its `__onload`, where Desk's form shows them."""
	raise frappe.missing("frappe.contacts.address_and_contact.load_address_and_contact")


def delete_contact_and_address(doctype: str, docname: str) -> None:
	"""Delete the contacts and addresses of this document alone; unlink it from shared ones."""
	link = {"link_doctype": doctype, "link_name": docname, "parenttype": ["in", ["Contact", "Address"]]}
	for place in frappe.get_all("Dynamic Link", link, ["parenttype", "parent"]):
		_unlink(frappe.get_doc(place.parenttype, place.parent), (doctype, docname))


def _unlink(doc: "Document", target: tuple[str, str]) -> None:
	others = [row for row in doc.links if (row.link_doctype, row.link_name) != target]
	if len(doc.links) == 1:
		doc.delete()
	elif len(others) < len(doc.links):
		doc.set("links", others)
		doc.save()


def tidy_links(doc: "Document") -> None:
	"""Keep one row for each document that a contact or address is linked to, with that document's title."""
	seen = set()
	for row in list(doc.links):
		row.link_title = frappe.get_doc(row.link_doctype, row.link_name).get_title() or row.link_name
		link = (row.link_doctype, row.link_name)
		if link in seen:
			doc.remove(row)
		seen.add(link)
