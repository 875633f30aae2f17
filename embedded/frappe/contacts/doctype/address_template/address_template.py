from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.jinja import validate_template


class AddressTemplate(Document):
	def validate(self) -> None:
		self.template = self.template or (Path(__file__).parent / "address_template.jinja").read_text()
		validate_template(self.template)
		self.is_default = self.is_default or not self.get_other_default()

	def on_update(self) -> None:
		"""Only one template can be the default."""
		others = {"is_default": 1, "name": ("!=", self.name)}
		if self.is_default:
			frappe.db.set_value("Address Template", others, "is_default", 0)

	def on_trash(self) -> None:
		if self.is_default:
			frappe.throw(_("Default Address Template cannot be deleted"))

	def get_other_default(self) -> str | None:
		return frappe.db.get_value("Address Template", {"is_default": 1, "name": ("!=", self.name)})
