"""Whether there is a page of some path."""

import frappe
from frappe.website.serve import find_page, is_of_desk


class TemplatePage:
	"""The page of a path; rendering it is up to `frappe.website.serve`."""

	def __init__(self, path: str) -> None:
		self.path = path.strip("/ ")

	def can_render(self) -> bool:
		"""Tell whether an app has such a page; those of Desk are on a bench."""
		try:
			return not is_of_desk(self.path) and bool(find_page(self.path))
		except frappe.DoesNotExistError:
			return False
