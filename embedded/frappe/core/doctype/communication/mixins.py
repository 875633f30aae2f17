"""How a communication goes out as an e-mail."""

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils import get_formatted_email, parse_addr, split_emails


class CommunicationEmailMixin:
	def is_email_communication(self) -> bool:
		return (self.communication_type, self.communication_medium) == ("Communication", "Email")

	@property
	def sender_mailid(self) -> str:
		return parse_addr(self.sender)[1] if self.sender else ""

	def to_list(self, exclude_displayname: bool = True) -> list[str]:
		return _addresses(self.recipients, exclude_displayname)

	def cc_list(self, exclude_displayname: bool = True) -> list[str]:
		return _addresses(self.cc, exclude_displayname)

	def bcc_list(self, exclude_displayname: bool = True) -> list[str]:
		return _addresses(self.bcc, exclude_displayname)

	def mail_recipients(self) -> list[str]:
		return [address for address in self.to_list() if address != "Administrator"]

	def mail_cc(self, include_sender: bool = False) -> list[str]:
		"""Return the copies, without standard users and those who want no mail of threads."""
		copies = self.cc_list()
		if include_sender:
			own = frappe.session.user not in frappe.STANDARD_USERS
			copies.append(
				frappe.db.get_value("User", frappe.session.user, "email") if own else self.sender_mailid
			)
		return self._without_unwanted(copies)

	def mail_bcc(self) -> list[str]:
		return self._without_unwanted(self.bcc_list())

	def with_names(self, addresses: list[str]) -> list[str]:
		"""Return addresses with the names that were written with them."""
		written = [*self.to_list(False), *self.cc_list(False), *self.bcc_list(False)]
		names = {parse_addr(email)[1].lower(): email for email in written}
		return [names.get(address, address) for address in addresses]

	def _without_unwanted(self, addresses: list[str]) -> list[str]:
		silent = frappe.get_all("User", {"email": ("in", addresses), "thread_notify": 0}, pluck="email")
		unwanted = {*silent, *self.mail_recipients(), *frappe.STANDARD_USERS}
		return [address for address in dict.fromkeys(addresses) if address and address not in unwanted]

	def exclude_emails_list(self, include_sender: bool = False) -> list[str]:
		"""Return the addresses that were named but get no mail."""
		named = {*self.to_list(), *self.cc_list(), *self.bcc_list()}
		return sorted(named - {*self.mail_recipients(), *self.mail_cc(include_sender), *self.mail_bcc()})

	def get_outgoing_email_account(self):
		"""Return the account that sends it, and remember which one; None where none is set up."""
		account = EmailAccount.find_outgoing(self.sender_mailid, self.reference_doctype)
		if account and self.sent_or_received == "Sent" and not account.is_new():
			self.db_set("email_account", account.name)
		return account

	def send_email(self, send_me_a_copy: bool = False, now: bool = False, print_format=None, print_html=None):
		"""Queue the mail."""
		if print_format or print_html:
			raise NotImplementedError("The embedded host attaches no prints to mails. A bench does.")
		recipients, copies = self.mail_recipients(), self.mail_cc(include_sender=send_me_a_copy)
		if not recipients and not copies:
			return
		frappe.sendmail(
			recipients=self.with_names(recipients),
			cc=self.with_names(copies),
			bcc=self.with_names(self.mail_bcc()),
			expose_recipients="header",
			sender=get_formatted_email(self.sender_full_name or self.sender_mailid, mail=self.sender_mailid),
			subject=self.subject,
			content=self.content,
			reference_doctype=self.reference_doctype,
			reference_name=self.reference_name,
			message_id=self.message_id,
			communication=self.name,
			send_after=self.send_after,
			now=now,
		)


def _addresses(text: str | None, exclude_displayname: bool) -> list[str]:
	emails = split_emails(text)
	if exclude_displayname:
		emails = [parse_addr(email)[1].lower() for email in emails]
	return list(dict.fromkeys(filter(None, emails)))
