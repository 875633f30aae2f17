"""E-mail: written into Email Queue, where a bench's worker would send it from."""

from frappe.email.doctype.email_queue.email_queue import build_message, queue


def sendmail(
	recipients=None,
	sender: str = "",
	subject: str = "No Subject",
	message: str = "No Message",
	delayed: bool = True,
	reference_doctype: str | None = None,
	reference_name: str | None = None,
	content: str | None = None,
	doctype: str | None = None,
	name: str | None = None,
	reply_to: str | None = None,
	cc=None,
	bcc=None,
	message_id: str | None = None,
	in_reply_to: str | None = None,
	send_after=None,
	expose_recipients: str | None = None,
	send_priority: int = 1,
	communication: str | None = None,
	now: bool | None = None,
	template: str | None = None,
	args: dict | None = None,
	header=None,
	add_unsubscribe_link: int = 1,
	is_notification: bool = False,
	retry: int = 1,
):
	"""Queue an e-mail and return its Email Queue record, None where nobody would get it.

	:param recipients: addresses, as a list or text; `cc` and `bcc` likewise
	:param template: a file in templates/emails, rendered with `args`, instead of `message` or `content`
	:param send_after: a time, or a number of days from today
	:param now: send at once, which only a bench does
	:raises frappe.OutgoingEmailError: where no outgoing Email Account is set up and mails are not muted"""
	from frappe.utils.jinja import get_email_from_template

	text = None
	if template:
		message, text = get_email_from_template(template, args)
	mail = build_message(
		recipients=recipients,
		cc=cc,
		bcc=bcc,
		sender=sender,
		subject=subject,
		html=content or message,
		text=text,
		heading=header,
		reply_to=reply_to,
		message_id=message_id,
		in_reply_to=in_reply_to,
		reference_doctype=doctype or reference_doctype,
	)
	return queue(
		mail,
		reference_doctype=doctype or reference_doctype,
		reference_name=name or reference_name,
		communication=communication,
		send_after=send_after,
		expose_recipients=expose_recipients,
		priority=send_priority,
		add_unsubscribe_link=add_unsubscribe_link,
		send_now=bool(now) or not delayed,
	)
