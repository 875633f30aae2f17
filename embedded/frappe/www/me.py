import frappe

no_cache = True


def get_context(context):
	"""Only who is signed in has a page of their own."""
	if frappe.session.user == "Guest":
		raise frappe.PermissionError
