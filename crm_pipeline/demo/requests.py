"""Requests for rates that wait for their suppliers, or have just been answered, one of each kind after the other."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, today

from crm_pipeline.demo.story import ENDINGS, PURCHASE_SHARE, Story
from crm_pipeline.quoting.requests import ask
from crm_pipeline.utils.guarded_document import act_as_software

MOST = 8  # opportunities whose suppliers are asked
LONGEST_AGO = timedelta(days=12)
DECLINED_FOR = "Our mill is booked out until the end of the quarter."


def add_requests(stories: list[Story], now: datetime) -> None:
	"""Ask suppliers for opportunities that are in play and have no offer yet, the newest first."""
	kinds = cycle(KINDS)
	for story in [each for each in reversed(stories) if _wants_rates(each, now)][:MOST]:
		suppliers = story.cast.suppliers(story.planned.family)
		rows = [row.name for row in story.opportunity.items]
		if not (suppliers and rows):
			continue
		for name in ask(story.opportunity, suppliers, rows, None, None, send=False).requested.values():
			_play(story, frappe.get_doc("Supplier Quotation", name), next(kinds), now)


def _wants_rates(story: Story, now: datetime) -> bool:
	actions = {step.action for step in story.planned.steps}
	is_old_enough = story.planned.came_in < now - LONGEST_AGO - timedelta(days=1)
	return story.planned.with_items and is_old_enough and actions.isdisjoint({"ask_supplier", *ENDINGS})


def _play(story: Story, request: Document, kind: Callable, now: datetime) -> None:
	"""Let a request be what it is to be; nobody is mailed about it, as the demo's suppliers do not exist."""
	act_as_software(request)
	request.update(kind(request, now))
	request.request_reminded_for = request.answer_by
	request.save()
	story.ledger.keep(request, request.requested_on, story.cast.buyer())


def _asked(request: Document, now: datetime) -> dict[str, Any]:
	return {"requested_on": now - timedelta(days=1), "answer_by": add_days(today(), 6)}


def _opened(request: Document, now: datetime) -> dict[str, Any]:
	return {
		"requested_on": now - timedelta(days=3),
		"opened_on": now - timedelta(days=1),
		"answer_by": add_days(today(), 4),
	}


def _answered(request: Document, now: datetime) -> dict[str, Any]:
	for row in request.items:
		price = frappe.db.get_value("Opportunity Item", row.opportunity_item, "base_rate")
		rate = round(price * PURCHASE_SHARE / request.conversion_rate, 2)
		row.update({"rate": rate, "lead_time_days": 28, "minimum_qty": 1})
	return {
		"requested_on": now - timedelta(days=6),
		"opened_on": now - timedelta(days=5),
		"answered_on": now - timedelta(days=2),
		"answer_by": add_days(today(), 1),
		"valid_till": add_days(today(), 45),
		"supplier_note": "Free to your yard, unloading not included.",
	}


def _declined(request: Document, now: datetime) -> dict[str, Any]:
	return {
		"requested_on": now - timedelta(days=7),
		"opened_on": now - timedelta(days=6),
		"answered_on": now - timedelta(days=6),
		"decline_reason": DECLINED_FOR,
		"answer_by": add_days(today(), 1),
	}


def _late(request: Document, now: datetime) -> dict[str, Any]:
	return {
		"requested_on": now - LONGEST_AGO,
		"opened_on": now - timedelta(days=11),
		"answer_by": add_days(today(), -3),
	}


KINDS = (_answered, _late, _opened, _declined, _asked)
