"""Customers and suppliers of a name that is there already: an import is told so, a person may choose."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import PartyExists
from crm_pipeline.rules.names import name_key
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.sent_links import may_read

KEY_LENGTH = 140
NAME_FIELDS = {"Customer": "customer_name", "Supplier": "supplier_name"}


class UniquelyNamed(Document):
	"""A party that people find by its name, so that there had better be one of it."""

	name_key: str | None

	def set_name_key(self) -> None:
		"""Keep the name as it is compared, and tell of another party that has it."""
		name = self.get(NAME_FIELDS[self.doctype]) or ""
		self.name_key = name_key(name)[:KEY_LENGTH]
		if self.is_new() or self.has_value_changed("name_key"):
			self.mind_same_name(name)

	def mind_same_name(self, name: str) -> None:
		existing = find_same_name(self.doctype, name, other_than=self.name)
		if not existing or self.get("__same_name_accepted"):
			return
		text = _("{0} {1} has this name already.").format(_(self.doctype), bold(existing))
		if frappe.flags.in_import:
			frappe.throw(text, PartyExists, title=_("Exists Already"))
		frappe.msgprint(text, title=_("Exists Already"), indicator="orange")


def find_same_name(doctype: str, name: str, other_than: str | None = None) -> str | None:
	"""Return a party of the same name, whatever case, spaces and Unicode form, that the session's user may read."""
	key = name_key(name)[:KEY_LENGTH]
	rows = frappe.get_all(doctype, {"name_key": key}, ["name", "name_key"], order_by="creation", limit=20)
	for row in rows:
		# The database may take different letters for the same.
		if row.name_key == key and row.name != other_than and may_read(doctype, row.name):
			return row.name
	return None


def fill_name_keys(doctype: str) -> None:
	"""Give parties that were there before the field what they are compared by."""
	fields = ["name", NAME_FIELDS[doctype]]
	rows = frappe.get_all(doctype, {"name_key": ["is", "not set"]}, fields, as_list=True)
	keys = {name: {"name_key": name_key(text or name)[:KEY_LENGTH]} for name, text in rows}
	frappe.db.bulk_update(doctype, keys, update_modified=False)
