"""What an error means to a person: its HTTP status, and the title and text of the page about it."""

import frappe
from frappe import _
from frappe.utils import escape_html


def status_of(error: Exception) -> int:
	"""Return the HTTP status an error class names, 501 for what this host lacks, else 500."""
	return getattr(error, "http_status_code", 501 if isinstance(error, NotImplementedError) else 500)


def describe(error: Exception) -> tuple[str, str]:
	"""Return title and HTML; the traceback is shown only where the site allows it."""
	from frappe.utils.response import is_traceback_allowed

	status = status_of(error)
	pages = {
		401: (_("Session Expired"), _("Your session has expired, please login again to continue.")),
		403: (_("Not Permitted"), _("You do not have enough permissions to complete the action")),
		404: (_("Not Found"), _("The resource you are looking for is not available")),
		501: (_("Not Available"), escape_html(str(error))),
		503: (_("Updating"), _("The system is being updated. Please refresh again after a few moments.")),
	}
	if status in pages:
		return pages[status]
	traceback = frappe.get_traceback() if is_traceback_allowed() else ""
	return _("Server Error"), f"<pre>{escape_html(traceback)}</pre>"
