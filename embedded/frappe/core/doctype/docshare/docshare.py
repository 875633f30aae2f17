import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_fullname


class DocShare(Document):
	def validate(self):
		self.set_user()
		self.refuse_without_share_right()
		self.refuse_submit_where_nothing_is_submitted()
		self.write = int(bool(cint(self.write) or cint(self.submit)))
		self.read = int(bool(cint(self.read) or cint(self.write) or cint(self.share)))
		self.shared_document().run_method("validate_share", self)

	def after_insert(self):
		with_whom = _("everyone") if self.everyone else get_fullname(self.user)
		self.leave_comment(
			"Shared", _("{0} shared this document with {1}").format(get_fullname(self.owner), with_whom)
		)

	def on_trash(self):
		self.refuse_without_share_right()
		text = _("{0} un-shared this document with {1}")
		self.leave_comment("Unshared", text.format(get_fullname(self.owner), get_fullname(self.user)))

	def set_user(self):
		if cint(self.everyone):
			self.user = None
		elif not self.user:
			frappe.throw(_("User is mandatory for Share"), frappe.MandatoryError)

	def refuse_without_share_right(self):
		if not self.flags.ignore_share_permission:
			self.shared_document().check_permission("share")

	def refuse_submit_where_nothing_is_submitted(self):
		if cint(self.submit) and not cint(frappe.get_meta(self.share_doctype).is_submittable):
			frappe.throw(
				_("{0} cannot be submitted, so that right cannot be shared.").format(_(self.share_doctype))
			)

	def leave_comment(self, kind: str, text: str):
		self.shared_document().add_comment(kind, text)

	def shared_document(self) -> Document:
		return frappe.get_doc(self.share_doctype, self.share_name)
