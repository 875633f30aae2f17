"""Messages that Frappe collects for the user of a request, where some are not to be seen after all."""

import frappe


class Messages:
	"""What is said to the user from the moment on at which this is made."""

	def __init__(self) -> None:
		self.start = len(frappe.local.message_log)

	def take_back(self) -> list:
		"""Take back what nobody has seen yet; return it as Frappe keeps it."""
		taken = frappe.local.message_log[self.start :]
		del frappe.local.message_log[self.start :]
		return taken

	def take_back_words(self) -> str:
		"""Take back what nobody has seen yet; return its words, as markup."""
		return " ".join(frappe.parse_json(message)["message"] for message in self.take_back())
