"""Asking suppliers for their rates, from the opportunity; they answer on the page behind the link in their mail."""

import frappe
from frappe import _
from frappe.utils import getdate

from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.quoting import requests
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.disabled import refuse_disabled
from crm_pipeline.utils.markup import bold, link_to
from crm_pipeline.utils.sent_values import names_from, refuse_too_many
from crm_pipeline.utils.validation import read_date

MOST = 50  # suppliers at once
LONGEST_MESSAGE = 5000  # characters


@frappe.whitelist(methods=["POST"])
def request_rates(
	opportunity: str,
	suppliers: list | str,
	items: list | str | None = None,
	answer_by: str | None = None,
	message: str | None = None,
	send: bool = True,
) -> dict:
	"""Ask suppliers for rates of an opportunity's items: a draft supplier quotation each, and a mail with a link to answer.

	What a supplier was asked for already and has not declined is not asked for twice.

	Args:
		suppliers: names, at most 50.
		items: names of rows of the opportunity; all if left out.
		answer_by: last day to answer, YYYY-MM-DD.
		message: words of one's own for the mail, as text.
		send: whether to mail it; else the drafts are for rates that come in another way.

	Returns: `requested` and `standing`, names of requests by supplier, and `no_address`, the suppliers who could not be
	mailed and were not asked.

	Raises:
		OpportunityEnded, RequestItemsMissing, RequestSuppliersMissing, SupplierAddressMissing, AnswerDatePast, RequestTemplateMissing,
		MasterDisabled, ExchangeRateMissing, TooManyRecords, UnreadableList, ImpossibleDate
	"""
	require_reading()
	source = require_record("Opportunity", opportunity)
	frappe.has_permission("Supplier Quotation", "create", throw=True)
	names = list(dict.fromkeys(names_from(suppliers)))
	_refuse_too_much(names, message)
	for supplier in names:
		require_record("Supplier", supplier)
		refuse_disabled("Supplier", supplier)
	rows = names_from(items) if items else []
	day = read_date(answer_by, "Date", _("Answer By")) if answer_by else None
	asked = requests.ask(source, names, rows, day and getdate(day), message, send)
	_show_outcome(asked)
	return asked._asdict()


@frappe.whitelist(methods=["POST"])
def resend_request(name: str) -> None:
	"""Mail a request that waits for its answer once more.

	Raises:
		RequestNotWaiting, SupplierAddressMissing, RequestTemplateMissing
	"""
	request = require_record("Supplier Quotation", name, "write")
	requests.send_again(request)
	frappe.msgprint(_("Sent again to {0}.").format(bold(request.contact_email)), alert=True)


@frappe.whitelist(methods=["POST"])
def cancel_request(name: str) -> None:
	"""Withdraw a request: its link opens nothing any more, the draft stays.

	Raises:
		RequestNotWaiting
	"""
	require_record("Supplier Quotation", name, "write")
	requests.withdraw(frappe.get_doc("Supplier Quotation", name, for_update=True))


def _refuse_too_much(names: list[str], message: str | None) -> None:
	refuse_too_many(names, MOST)
	if len(message or "") > LONGEST_MESSAGE:
		frappe.throw(
			_("{0} is too long. It may have {1}.").format(
				bold(_("Message")), _("{0} characters").format(LONGEST_MESSAGE)
			),
			frappe.CharacterLengthExceededError,
			title=_("Too Long"),
		)


def _show_outcome(asked: requests.RequestOutcome) -> None:
	parts = []
	if asked.requested:
		parts.append(_("Asked for rates: {0}").format(_listed(asked.requested)))
	if asked.standing:
		parts.append(_("Asked before, not asked again: {0}").format(_listed(asked.standing)))
	if asked.no_address:
		names = ", ".join(bold(name) for name in asked.no_address)
		parts.append(_("Not asked, since no contact has an e-mail address: {0}").format(names))
	indicator = "green" if len(parts) == 1 and asked.requested else "orange"
	frappe.msgprint("<br><br>".join(parts), title=_("Rates Requested"), indicator=indicator)


def _listed(requests_by_supplier: dict[str, str]) -> str:
	return ", ".join(
		f"{bold(supplier)} ({link_to('Supplier Quotation', name)})"
		for supplier, name in requests_by_supplier.items()
	)
