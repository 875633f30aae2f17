"""Records of which at most one is the default."""

import frappe
from frappe.model.document import Document


def unset_other_defaults(doc: Document) -> None:
	"""Let no other record of a DocType be the default where this one is."""
	if doc.is_default:
		others = {"name": ["!=", doc.name], "is_default": 1}
		frappe.db.set_value(doc.doctype, others, "is_default", 0, update_modified=False)
