"""Helpers that several core DocTypes share."""

import frappe


def get_parent_doc(doc):
	"""Return the document that a communication or comment refers to, None where it refers to none."""
	if not getattr(doc, "parent_doc", None):
		doc.parent_doc = None
		if doc.reference_doctype and doc.reference_name:
			doc.parent_doc = frappe.get_doc(doc.reference_doctype, doc.reference_name)
	return doc.parent_doc
