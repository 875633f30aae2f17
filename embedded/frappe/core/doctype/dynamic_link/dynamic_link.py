from frappe.model.document import Document


class DynamicLink(Document):
	pass


def deduplicate_dynamic_links(doc) -> None:
	"""Keep one row for each document that a contact or address is linked to."""
	seen = set()
	for row in list(doc.links):
		link = (row.link_doctype, row.link_name)
		if link in seen:
			doc.remove(row)
		seen.add(link)
