import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.assignment.owner import AssignableDocument
from crm_pipeline.crm_pipeline.doctype.opportunity.conversation import Conversation
from crm_pipeline.crm_pipeline.doctype.opportunity.form_data import facts_for_form
from crm_pipeline.crm_pipeline.doctype.opportunity.indexes import on_doctype_update  # noqa: F401 (looked for here)
from crm_pipeline.crm_pipeline.doctype.opportunity.mapping import (  # noqa: F401 (their public address)
	make_customer,
	make_opportunity_from_contact,
	make_quotation,
	make_supplier_quotation,
)
from crm_pipeline.crm_pipeline.doctype.opportunity.next_contact import NextContact
from crm_pipeline.crm_pipeline.doctype.opportunity.party import Party
from crm_pipeline.crm_pipeline.doctype.opportunity.quoted_amount import QuotedAmount
from crm_pipeline.crm_pipeline.doctype.opportunity.status import Status
from crm_pipeline.follow_ups import calendar
from crm_pipeline.history.changes import delete_history, record_changes
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.parties.carry_over import give_back_conversation
from crm_pipeline.quoting.quotations import quotations_naming
from crm_pipeline.rules import response, status
from crm_pipeline.utils.expected_state import require_state
from crm_pipeline.utils.stored_record import stored_record_method


class Opportunity(Status, Party, Conversation, NextContact, QuotedAmount, AssignableDocument, PricedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from crm_pipeline.crm_pipeline.doctype.competitor_detail.competitor_detail import CompetitorDetail
		from crm_pipeline.crm_pipeline.doctype.lost_reason_detail.lost_reason_detail import LostReasonDetail
		from crm_pipeline.crm_pipeline.doctype.opportunity_item.opportunity_item import OpportunityItem

		amount_follows_quotation: DF.Check
		amounts_before: DF.LongText | None
		auto_close_warned_on: DF.Datetime | None
		auto_closed: DF.Check
		base_close_revenue: DF.Currency
		base_currency: DF.Link | None
		base_opportunity_amount: DF.Currency
		base_total: DF.Currency
		campaign: DF.Data | None
		close_revenue: DF.Currency
		close_revenue_currency: DF.Link | None
		closed_on: DF.Date | None
		company_name: DF.Data | None
		competitors: DF.TableMultiSelect[CompetitorDetail]
		contact_email: DF.Data | None
		contact_mobile: DF.Data | None
		contact_person: DF.Link | None
		contacted_in: DF.Int
		contacted_out: DF.Int
		conversion_rate: DF.Float
		country: DF.Link | None
		currency: DF.Link | None
		customer_name: DF.Data | None
		customer_need: DF.TextEditor | None
		expected_closing: DF.Date | None
		first_responded_on: DF.Datetime | None
		follow_up_event: DF.Data | None
		follow_up_reminded_for: DF.Datetime | None
		inverse_rate: DF.Float
		items: DF.Table[OpportunityItem]
		last_change_on: DF.Datetime | None
		last_contacted_on: DF.Datetime | None
		last_response_on: DF.Datetime | None
		lost_reasons: DF.TableMultiSelect[LostReasonDetail]
		mins_to_first_response: DF.Float
		naming_series: DF.Literal["CRM-OPP-.YYYY.-"]
		next_contact_by: DF.Link | None
		next_contact_date: DF.Datetime | None
		opportunity_amount: DF.Currency
		opportunity_from: DF.Link | None
		opportunity_owner: DF.Link | None
		opportunity_type: DF.Link | None
		order_lost_reason: DF.SmallText | None
		override_reason: DF.Data | None
		own_status: DF.Data | None
		party_name: DF.DynamicLink | None
		pause_reason: DF.SmallText | None
		paused_until: DF.Date | None
		probability: DF.Percent
		proposed_solution: DF.TextEditor | None
		sales_process: DF.Link | None
		sales_stage: DF.Link | None
		source: DF.Link | None
		status: DF.Literal["Open", "Replied", "Quotation", "Paused", "Converted", "Lost", "Closed"]
		status_since: DF.Datetime | None
		territory: DF.Data | None
		title: DF.Data | None
		to_discuss: DF.SmallText | None
		total: DF.Currency
		transaction_date: DF.Date
		waiting_for: DF.Literal["", "Us", "Them", "Nobody"]
		waiting_since: DF.Datetime | None
		weighted_amount: DF.Currency
		with_items: DF.Check
	# end: auto-generated types
	value_field = "opportunity_amount"
	# Written by mails, quotations and jobs.
	system_fields = (
		"own_status",
		"first_responded_on",
		"mins_to_first_response",
		"last_contacted_on",
		"last_response_on",
		"contacted_out",
		"contacted_in",
		"waiting_for",
		"waiting_since",
		"status_since",
		"last_change_on",
		"auto_closed",
		"auto_close_warned_on",
		"follow_up_event",
		"follow_up_reminded_for",
	)

	decisive_fields = ("status", "sales_process", "sales_stage")
	fields_by_saving = (
		*PricedDocument.fields_by_saving,
		"opportunity_amount",
		"base_opportunity_amount",
		"base_total",
		"amount_follows_quotation",
		"weighted_amount",
		"own_status",
		"auto_closed",
		"sales_process",
		"sales_stage",
		"probability",
		"paused_until",
		"closed_on",
		"close_revenue",
		"close_revenue_currency",
		"base_close_revenue",
	)
	settling_state = ("status_request", "override", "corrections")

	def onload(self) -> None:
		self.set_onload("desk", facts_for_form(self))

	def before_insert(self) -> None:
		self.set_party_of_web_form()
		self.set_owner()

	def settle_fields(self) -> None:
		self.waiting_for = self.waiting_for or response.NOBODY
		self.set_party_details()
		self.check_items()
		self.set_title()  # may be the party's name
		self.default_owner_from_assignment()
		self.set_currency()
		self.set_process_and_stage()  # before the status, which a stage may imply
		self.apply_status()  # before all that depends on whether it has ended
		self.reset_waiting_for()
		self.set_follow_up()
		self.check_follow_up()
		self.set_amounts()  # at today's rate in play, at that of the end once ended
		self.set_close_revenue()
		self.set_weighted_amount()  # amount by the probability, which came with the status
		self.check_requirements()

	def after_insert(self) -> None:
		self.take_over_from_lead()

	def on_update(self) -> None:
		self.keep_event_in_step()
		self.sync_assignment()
		self.keep_tasks_finished()

	def on_change(self) -> None:
		if not self.flags.in_delete:
			self.refresh_owner()
			record_changes(self)

	def on_trash(self) -> None:
		self.refuse_deletion_with_quotations()
		calendar.remove_event(self)
		give_back_conversation(self)
		delete_history(self.name)

	def set_totals(self) -> None:
		super().set_totals()
		self.base_total = self.base_opportunity_amount if self.items else 0
		self.with_items = 1 if self.items else self.with_items
		self.follow_quotations()

	def refuse_deletion_with_quotations(self) -> None:
		names = quotations_naming(self.name)
		if names:
			frappe.throw(
				_("{0} is named in {1}. Delete those first, or close the opportunity instead.").format(
					self.name, ", ".join(names)
				),
				frappe.LinkExistsError,
				title=_("Quotations Exist"),
			)

	@stored_record_method()
	def declare_lost(
		self,
		lost_reasons: list | str,
		competitors: list | str | None = None,
		detailed_reason: str | None = None,
		override_reason: str | None = None,
		from_status: str | None = None,
		lose_quotations: bool = False,
	) -> Document:
		"""Mark as lost.

		Args:
			lost_reasons: names of Lost Reason records, at least one.
			competitors: names of Competitor records the opportunity went to or was fought against.
			detailed_reason: free text.
			override_reason: why a Sales Manager passes over what the lost stage requires.
			from_status: the status that it is to start from; refused if it is another by now.
			lose_quotations: whether its open quotations are lost too, for the same reasons, by a user who may submit
				them and edit whatever other opportunities they name.

		Raises:
			StateGone, LostReasonsMissing, QuotationOfOthers, ActiveQuotationStands, IllegalStatusChange, StageRequirementsMissing
		"""
		require_state(self, status=from_status)
		if lose_quotations:
			self.lose_quotations(lost_reasons, competitors, detailed_reason)
			if self.status == status.LOST:
				return self
		self.override_reason = override_reason
		self.set_lost_details(lost_reasons, competitors, detailed_reason)
		return self.request_status(status.LOST)

	@stored_record_method()
	def mark_won(
		self,
		close_revenue: float | str | None = None,
		closed_on: str | None = None,
		override_reason: str | None = None,
		from_status: str | None = None,
	) -> Document:
		"""Mark as won.

		Args:
			close_revenue: what the opportunity brought, in the opportunity's currency; the opportunity amount if left out or 0.
			closed_on: day (YYYY-MM-DD), today if left out.
			override_reason: why a Sales Manager passes over what the won stage requires.
			from_status: the status that it is to start from; refused if it is another by now.

		Raises:
			StateGone, IllegalStatusChange, ImpossibleNumber, ImpossibleDate, ClosedOutOfTime, StageRequirementsMissing
		"""
		require_state(self, status=from_status)
		self.override_reason = override_reason
		self.update({"close_revenue": close_revenue, "closed_on": closed_on})
		return self.request_status(status.CONVERTED)

	@stored_record_method()
	def pause(self, until: str, reason: str | None = None, from_status: str | None = None) -> Document:
		"""Rest until a day (YYYY-MM-DD) after today.

		Args:
			from_status: the status that it is to start from; refused if it is another by now.

		Raises:
			StateGone, PauseDateMissing, PauseDatePassed, IllegalStatusChange
		"""
		require_state(self, status=from_status)
		self.paused_until = until
		self.pause_reason = reason
		return self.request_status(status.PAUSED)

	@stored_record_method()
	def resume(self) -> Document:
		"""End a pause: back to the status that mails and quotations give.

		Raises:
			IllegalStatusChange
		"""
		self.require_status(status.PAUSED)
		return self.request_status(self.status_after_pause())

	@stored_record_method()
	def reopen(self, override_reason: str | None = None, from_status: str | None = None) -> Document:
		"""Take a won, lost or closed opportunity up again, in the last open stage it was in.

		Args:
			from_status: the status that it is to start from; refused if it is another by now.

		Raises:
			StateGone, IllegalStatusChange, OrderedQuotationStands, LostQuotationsStand, StageRequirementsMissing
		"""
		require_state(self, status=from_status)
		self.require_status(*status.ENDED)
		self.override_reason = override_reason
		return self.request_status(status.OPEN)

	@stored_record_method()
	def advance(self, override_reason: str | None = None, from_stage: str | None = None) -> Document:
		"""Move to the next stage; into the won stage is winning.

		Args:
			from_stage: the stage that it is to start from; refused if it is another by now.

		Raises:
			StateGone, NoFurtherStage, StageRequirementsMissing
		"""
		require_state(self, sales_stage=from_stage)
		self.override_reason = override_reason
		return self.move_stage(+1)

	@stored_record_method()
	def step_back(self, override_reason: str | None = None, from_stage: str | None = None) -> Document:
		"""Move to the previous stage; out of the won stage is reopening.

		Args:
			from_stage: the stage that it is to start from; refused if it is another by now.

		Raises:
			StateGone, NoFurtherStage, OrderedQuotationStands, StageRequirementsMissing
		"""
		require_state(self, sales_stage=from_stage)
		self.override_reason = override_reason
		return self.move_stage(-1)

	@stored_record_method()
	def change_process(
		self,
		sales_process: str,
		sales_stage: str | None = None,
		override_reason: str | None = None,
		from_stage: str | None = None,
	) -> Document:
		"""Go on in another sales process.

		Args:
			sales_process: name of a Sales Process.
			sales_stage: a stage of it. If left out, the one of the same name; an ended opportunity goes to the stage of
				its type.
			from_stage: the stage that it is to start from; refused if it is another by now.

		Raises:
			StateGone, StageNotInProcess, StageContradictsStatus, StageRequirementsMissing
		"""
		require_state(self, sales_stage=from_stage)
		self.override_reason = override_reason
		self.sales_process = sales_process
		self.sales_stage = sales_stage or self.sales_stage
		return self.save()
