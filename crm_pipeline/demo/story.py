"""Plays one planned opportunity on the site, through documents and their methods, so that every rule holds."""

from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, today

from crm_pipeline.api.supplier_rates import make_quotation_from_supplier_rates
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_opportunity
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import (
	make_customer,
	make_quotation,
	make_supplier_quotation,
)
from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.demo import catalogue
from crm_pipeline.demo.cast import Cast
from crm_pipeline.demo.plan import PlannedOpportunity, Step
from crm_pipeline.rules import status

PURCHASE_SHARE = 0.66  # of the sales price that the cheapest supplier asks for
SHARE_STEP = 0.04  # that the next one asks for more
ENDINGS = ("win", "lose", "close", "pause")
DAYS_TO_ANSWER = (2, 4, 9)  # of suppliers who made an offer, one after the other
DAYS_ASKED_FOR = 7
TERMS = "<p>30 days net. Delivery six to eight weeks after the order.</p>"
BULK_DISCOUNT = 5  # percent off the list price of larger quantities
LOYALTY_DISCOUNT = 2  # percent off all, for who has bought before
CONCESSION = 2  # percent more off all, in a revision


class Story:
	"""An opportunity being played; each method after `begin` is a kind of step."""

	def __init__(self, planned: PlannedOpportunity, cast: Cast) -> None:
		self.planned = planned
		self.cast = cast
		self.ledger = cast.ledger
		self.owner = cast.salesperson(planned.owner)
		self.offers: list[Document] = []
		self.mails = {"Sent": 0, "Received": 0}
		self.moments: list[tuple[int, datetime, str]] = []

	def play(self) -> None:
		self.name = self.begin()
		self.note(self.planned.came_in)
		for step in self.planned.steps:
			getattr(self, step.action)(step)
			self.note(step.at)
		self.ledger.date_changes(self.name, self.moments)
		self.ledger.touch(self.opportunity, self.moments[-1][1])

	def note(self, at: datetime) -> None:
		"""Remember which rows of the log were written by the step at that moment."""
		rows = frappe.db.count("Pipeline Change", {"opportunity": self.name})
		self.moments.append((rows, at, self.owner))

	@property
	def opportunity(self) -> Document:
		return frappe.get_doc("Opportunity", self.name)

	def begin(self) -> str:
		"""Let the opportunity come in; return its name."""
		planned = self.planned
		party_type, party, region = self.cast.party(planned)
		if planned.from_lead:
			opportunity = make_opportunity(party)
		else:
			opportunity = frappe.get_doc({"doctype": "Opportunity", "opportunity_from": party_type})
			opportunity.update(self.standing_of(party))
		currency = self.cast.currency(region)
		opportunity.update(self.details(party, currency))
		opportunity.insert()
		# The first response is counted from here on.
		opportunity.db_set("creation", planned.came_in, update_modified=False)
		return self.ledger.keep(opportunity, planned.came_in, self.owner).name

	def standing_of(self, customer: str) -> dict:
		fields = ["territory", "country"]
		return frappe.db.get_value("Customer", customer, fields, as_dict=True)

	def details(self, party: str, currency: str) -> dict:
		planned = self.planned
		kind = "Maintenance" if "maintenance" in planned.title else "Sales"
		contact = planned.next_contact
		rows = [
			{"item_code": self.cast.item(product), "qty": qty, "rate": self.cast.price(product, currency)}
			for product, qty in planned.goods
		]
		estimate = sum(row["qty"] * row["rate"] for row in rows)
		return {
			"title": planned.title,
			"party_name": party,
			"opportunity_owner": self.owner,
			"opportunity_type": self.cast.named("Opportunity Type", kind),
			"source": self.cast.named("Lead Source", planned.source),
			"transaction_date": planned.came_in.date(),
			"expected_closing": planned.expected_closing.date(),
			"currency": currency,
			"items": rows if planned.with_items else [],
			"opportunity_amount": float(f"{estimate:.2g}"),
			"customer_need": planned.need,
			"proposed_solution": planned.solution,
			"to_discuss": planned.to_discuss,
			"next_contact_by": self.owner if contact else None,
			"next_contact_date": contact,
		}

	def advance(self, step: Step) -> None:
		self.opportunity.move_stage(1)

	def mail_in(self, step: Step) -> None:
		self.mail("Received", step.at)

	def mail_out(self, step: Step) -> None:
		self.mail("Sent", step.at)

	def mail(self, direction: str, at: datetime) -> None:
		self.cast.correspondence.add(self.opportunity, direction, self.mails[direction], at, self.owner)
		self.mails[direction] += 1

	def change_quantity(self, step: Step) -> None:
		opportunity = self.opportunity
		row = opportunity.items[0]
		row.qty = max(round(row.qty * step.details["factor"]), 1)
		opportunity.save()

	def postpone(self, step: Step) -> None:
		opportunity = self.opportunity
		opportunity.expected_closing = step.details["day"]
		opportunity.save()

	def hand_over(self, step: Step) -> None:
		self.owner = self.cast.salesperson(step.details["owner"])
		opportunity = self.opportunity
		opportunity.opportunity_owner = self.owner
		if opportunity.next_contact_by:
			opportunity.next_contact_by = self.owner
		opportunity.save()

	def ask_supplier(self, step: Step) -> None:
		"""Let suppliers of the goods make their offers."""
		family = {
			product.code for product, _qty in self.planned.goods if product.family == self.planned.family
		}
		for number, supplier in enumerate(self.cast.suppliers(self.planned.family)):
			offer = make_supplier_quotation(self.name)
			offer.set("items", [row for row in offer.items if row.item_code in family])
			for row in offer.items:
				row.rate *= self.purchase_share(number + row.idx)
			offer.flags.by_software = True  # it keeps when it was asked for and answered
			answered = self.answered(step, number)
			self.offers.append(self.submit(offer, step.at, self.cast.buyer(), supplier=supplier, **answered))

	def answered(self, step: Step, number: int) -> dict[str, Any]:
		"""Return until when an offer is valid, and when it was asked for and came."""
		days = DAYS_TO_ANSWER[(self.planned.company + number) % len(DAYS_TO_ANSWER)]
		asked = max(step.at - timedelta(days=days), self.planned.came_in)
		return {
			"valid_till": add_days(step.at.date(), 60),
			"requested_on": asked,
			"opened_on": asked,
			"answered_on": step.at,
			"answer_by": add_days(asked.date(), DAYS_ASKED_FOR),
		}

	def purchase_share(self, number: int) -> float:
		"""Return the share of the sales price that a supplier asks for; who is cheapest differs by item and opportunity."""
		return PURCHASE_SHARE + (self.planned.company + number) % 3 * SHARE_STEP

	def quote(self, step: Step) -> None:
		"""Quote at list prices; what suppliers offered is taken from the cheapest of them."""
		picks = self.cheapest_rates()
		quotation = (
			make_quotation_from_supplier_rates(self.name, picks, with_others=True)
			if picks
			else make_quotation(self.name)
		)
		self.price(quotation)
		valid_till = add_days(step.at.date(), step.details["valid_days"])
		taxes = self.cast.taxes()
		terms = {"valid_till": valid_till, "terms": TERMS, "taxes_and_charges": taxes}
		self.submit(quotation, step.at, self.owner, **terms)

	def price(self, quotation: Document) -> None:
		"""Give a quotation the opportunity's prices, less what much of a thing and regular customers get off."""
		prices = {row.item_code: row.rate for row in self.opportunity.items}
		much = {
			self.cast.item(product): (product.few + product.many) / 2 for product, _qty in self.planned.goods
		}
		for row in quotation.items:
			row.price_list_rate = row.rate = prices[row.item_code]
			row.discount_percentage = BULK_DISCOUNT if row.qty > much[row.item_code] else 0
		if quotation.items and not self.planned.from_lead:
			quotation.additional_discount_percentage = LOYALTY_DISCOUNT

	def revise(self, step: Step) -> None:
		"""Offer the same for less, as long as the former quotation was valid, which counts no more."""
		for former in self.quotations():
			revision = make_revision(former.name)
			revision.additional_discount_percentage += CONCESSION
			valid_till = add_days(step.at.date(), step.details["valid_days"])
			self.submit(revision, step.at, self.owner, valid_till=valid_till)
			self.ledger.touch(former, step.at)

	def order_part(self, step: Step) -> None:
		"""Let the customer order the first item, and leave the others open."""
		for quotation in self.quotations():
			quotation.mark_ordered(str(step.at.date()), items=[quotation.items[0].name])
			self.ledger.touch(quotation, step.at)

	def cheapest_rates(self) -> list[dict]:
		picks = []
		for item in self.opportunity.items:
			rows = [row for offer in self.offers for row in offer.items if row.opportunity_item == item.name]
			if rows:
				cheapest = min(rows, key=lambda row: (row.base_rate, row.name))
				picks.append(
					{"opportunity_item": item.name, "supplier_quotation_item": cheapest.name, "qty": item.qty}
				)
		return picks

	def submit(self, quotation: Document, at: datetime, by: str, **fields: Any) -> Document:
		quotation.update({"transaction_date": at.date(), **fields})
		quotation.insert().submit()
		return self.ledger.keep(quotation, at, by)

	def win(self, step: Step) -> None:
		opportunity = self.opportunity
		share = 1 - step.details["discount"] / 100
		opportunity.mark_won(opportunity.opportunity_amount * share, str(step.at.date()))
		for quotation in self.quotations():
			quotation.mark_ordered(str(step.at.date()))
			self.ledger.touch(quotation, step.at)
		if self.planned.from_lead:
			self.ledger.keep(make_customer(self.name).insert(), step.at, self.owner)

	def lose(self, step: Step) -> None:
		reasons = [self.cast.named("Lost Reason", reason) for reason in step.details["reasons"]]
		rivals = [catalogue.COMPETITORS[number] for number in step.details["competitors"]]
		names = [self.cast.named("Competitor", name, description=text) for name, text in rivals]
		opportunity = self.opportunity
		opportunity.set_lost_details(reasons, names, step.details["note"])
		opportunity.closed_on = step.at.date()
		opportunity.status = status.LOST
		opportunity.save()
		for quotation in self.quotations():
			quotation.declare_lost(reasons, names, step.details["note"])
			self.ledger.touch(quotation, step.at)

	def quotations(self) -> list[Document]:
		"""Return the quotations that count."""
		filters = {"opportunity": self.name, "docstatus": 1, "replaced_by": ["is", "not set"]}
		return [
			frappe.get_doc("Quotation", name) for name in frappe.get_all("Quotation", filters, pluck="name")
		]

	def close(self, step: Step) -> None:
		opportunity = self.opportunity
		opportunity.closed_on = step.at.date()
		opportunity.status = status.CLOSED
		opportunity.save()

	def pause(self, step: Step) -> None:
		self.opportunity.pause(add_days(today(), step.details["days"]), step.details["reason"])
