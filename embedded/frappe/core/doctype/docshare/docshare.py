import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint


class DocShare(Document):
	def validate(self) -> None:
		if cint(self.everyone):
			self.user = None
		elif not self.user:
			frappe.throw(_("User is mandatory for Share"), frappe.MandatoryError)
		self.refuse_without_share_right()
		if cint(self.submit) and not cint(frappe.get_meta(self.share_doctype).is_submittable):
			message = _("{0} cannot be submitted, so that right cannot be shared.")
			frappe.throw(message.format(_(self.share_doctype)))
		self.write = int(bool(cint(self.write) or cint(self.submit)))
		self.read = int(bool(cint(self.read) or cint(self.write) or cint(self.share)))
		self.shared_document().run_method("validate_share", self)

	def on_trash(self) -> None:
		self.refuse_without_share_right()

	def refuse_without_share_right(self) -> None:
		if not self.flags.ignore_share_permission:
			self.shared_document().check_permission("share")

	def shared_document(self) -> Document:
		return frappe.get_doc(self.share_doctype, self.share_name)
