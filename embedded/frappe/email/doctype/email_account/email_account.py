import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import parse_addr


class EmailAccount(Document):
	"""Which account would send a mail. This host neither sends nor fetches any."""

	@property
	def default_sender(self) -> str:
		from email.utils import formataddr

		return formataddr((self.name or self.email_account_name, self.email_id))

	@classmethod
	def find_outgoing(
		cls,
		match_by_email: str | None = None,
		match_by_doctype: str | None = None,
		_raise_error: bool = False,
	) -> "EmailAccount | None":
		"""Return the account of this sender, of this DocType, or the default one.

		:raises frappe.OutgoingEmailError: if asked to, where there is none"""
		account = (
			(match_by_email and cls._find(email_id=parse_addr(match_by_email)[1]))
			or (match_by_doctype and cls._find(enable_incoming=1, append_to=match_by_doctype))
			or cls._find(default_outgoing=1)
			or cls._from_configuration()
		)
		if not account and _raise_error:
			frappe.throw(
				_("Please setup default outgoing Email Account from Tools > Email Account"),
				frappe.OutgoingEmailError,
			)
		return account or None

	@classmethod
	def _find(cls, **filters) -> "EmailAccount | None":
		name = frappe.db.get_value("Email Account", {"enable_outgoing": 1, **filters})
		return frappe.get_doc("Email Account", name) if name else None

	@classmethod
	def _from_configuration(cls) -> "EmailAccount | None":
		"""Return the account in site_config.json, or one that sends nothing where mails are muted."""
		if not frappe.conf.mail_server and not frappe.are_emails_muted():
			return None
		email = frappe.conf.auto_email_id or frappe.conf.mail_login or "notifications@example.com"
		return frappe.new_doc("Email Account", email_account_name=_("Notification"), email_id=email)
