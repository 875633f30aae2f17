"""Builds the demo."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

import frappe
from frappe import _
from frappe.utils import now_datetime

from crm_pipeline.demo import catalogue, people
from crm_pipeline.demo.cast import Cast
from crm_pipeline.demo.ledger import Ledger
from crm_pipeline.demo.plan import office_hour, plan
from crm_pipeline.demo.requests import add_requests
from crm_pipeline.demo.requirements import ask_before_last_stage
from crm_pipeline.demo.story import Story
from crm_pipeline.exceptions import DemoPresent
from crm_pipeline.processes.sales_processes import process_for, stages_of
from crm_pipeline.rules.stages import OPEN_STAGE
from crm_pipeline.utils.search_index import rebuild_index

COUNT = 300


def build(count: int = COUNT, progress: Callable[[list], Iterable] = iter) -> int:
	"""Create the demo's records; the caller commits.

	Args:
		count: opportunities.
		progress: wraps the list of opportunities that is worked through, for instance to show how far it is.

	Returns: number of records made.

	Raises:
		DemoPresent: the site has it already.
	"""
	if frappe.db.count("Demo Record"):
		frappe.throw(_("The demo is on this site already. Remove it first to build it anew."), DemoPresent)
	frappe.flags.mute_emails = True
	now = now_datetime().replace(microsecond=0)
	process = process_for(None)
	stages = [stage for stage in stages_of(process) if stage.type == OPEN_STAGE]
	ledger = Ledger()
	cast = Cast(ledger, now)
	ask_before_last_stage(cast, process)
	hire(cast)
	stories = []
	for planned in progress(plan(count, len(stages), now)):
		stories.append(Story(planned, cast))
		stories[-1].play()
	add_requests(stories, now)
	add_untouched_leads(cast, count // 8, now)
	cast.correspondence.close()
	ledger.close()
	rebuild_index()
	return len(ledger.records)


def hire(cast: Cast) -> None:
	"""Let everybody work here from the first day, in a team that one of them leads, whatever the number of opportunities."""
	manager, *others = (cast.salesperson(number) for number in range(len(people.SALESPEOPLE)))
	cast.team(*others, manager=manager)
	cast.buyer()
	cast.mail_template()


def add_untouched_leads(cast: Cast, count: int, now: datetime) -> None:
	"""Leads of the last weeks from which nothing has come yet."""
	rng = Random("crm_pipeline leads")
	for _number in range(count):
		owner = cast.salesperson(rng.randrange(len(people.SALESPEOPLE)))
		at = office_hour(rng, now - timedelta(days=rng.uniform(0, 60)), now)
		source = rng.choice(list(catalogue.SOURCES))
		cast.lead(owner, source, at, status=rng.choices(["Open", "Replied", "Do Not Contact"], [6, 3, 1])[0])
