from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from unittest.mock import patch

import frappe
from click.testing import CliRunner
from frappe.utils import get_datetime, getdate, now_datetime, today
from frappe.utils.password import check_password

from crm_pipeline.api.auto_close import preview_auto_close
from crm_pipeline.commands import crm_pipeline
from crm_pipeline.crm_pipeline.doctype.opportunity.requirements import required_by_stage, unmet_requirements
from crm_pipeline.demo.build import build
from crm_pipeline.demo.cast import Cast
from crm_pipeline.demo.colleagues import colleagues
from crm_pipeline.demo.ledger import Ledger
from crm_pipeline.demo.people import BUYER, SALESPEOPLE, user_of
from crm_pipeline.demo.plan import CLOSED, LOST, PAUSED, WON, PlannedOpportunity, plan
from crm_pipeline.demo.remove import remove
from crm_pipeline.exceptions import DemoPresent, StageRequirementsMissing
from crm_pipeline.mail.contacts import contacts_on
from crm_pipeline.permissions.teams import people_of
from crm_pipeline.processes.sales_processes import process_for, stages_of
from crm_pipeline.quoting.quotations import quotations_of
from crm_pipeline.rules import status
from crm_pipeline.rules.quotation_status import PARTIALLY_ORDERED
from crm_pipeline.rules.response import waiting_for
from crm_pipeline.rules.stages import OPEN_STAGE
from crm_pipeline.rules.status import ENDED
from crm_pipeline.tasks import follow_requests
from crm_pipeline.tests import factories
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.mode import outside_test_mode

MADE = (
	"Communication Comment Competitor Contact Customer Item Lead Opportunity Quotation Supplier User Version"
).split()
MADE += [
	"Currency Exchange",
	"Demo Record",
	"Event",
	"Opportunity Item",
	"Pipeline Change",
	"Sales Team",
	"Stage Requirement",
	"Supplier Quotation",
]


def one_of_each(count: int, open_stages: int, now: datetime) -> list[PlannedOpportunity]:
	"""Plan one that goes on, and one for each way in which it may end or rest."""
	chosen = {}
	for planned in plan(100, open_stages, now):
		ending = planned.steps[-1].action if planned.steps else None
		chosen.setdefault(ending if ending in (WON, LOST, CLOSED, PAUSED) else None, planned)
	return sorted(chosen.values(), key=lambda planned: planned.came_in)


class TestCast(TestCase):
	def test_no_job_is_left_for_a_user_who_may_be_gone_when_it_comes(self):
		with outside_test_mode():
			user = Cast(Ledger(), now_datetime()).salesperson(0)
		self.assertTrue(frappe.db.exists("Contact", {"user": user}))
		self.assertFalse(frappe.flags.in_install)


class TestPlan(TestCase):
	def test_the_same_day_gives_the_same_plan(self):
		now = datetime(2026, 3, 2, 15, 0)
		self.assertEqual(plan(40, 4, now), plan(40, 4, now))

	def test_everything_has_happened_by_now_and_in_order(self):
		now = datetime(2026, 3, 2, 0, 10)
		for planned in plan(200, 4, now):
			moments = [planned.came_in, *(step.at for step in planned.steps)]
			self.assertEqual(moments, sorted(moments))
			self.assertLessEqual(moments[-1], now)
			self.assertGreater(moments[0], now - timedelta(days=740))

	def test_quotations_in_play_outlive_the_first_nights_and_run_out_in_coming_weeks(self):
		now = datetime(2026, 3, 2, 15, 0)
		left = []
		for planned in plan(300, 4, now):
			quoted = [step for step in planned.steps if step.action == "quote"]
			if quoted and not {WON, LOST} & {step.action for step in planned.steps}:
				valid_till = quoted[-1].at.date() + timedelta(days=quoted[-1].details["valid_days"])
				left.append((valid_till - now.date()).days)
		self.assertGreater(min(left), 0)
		self.assertLess(max(left), 35)
		self.assertGreater(len({days // 7 for days in left}), 3)

	def test_of_few_some_are_offered_better_and_some_ordered_in_part(self):
		now = datetime(2026, 3, 2, 15, 0)
		for count in (100, 300):
			actions = [[step.action for step in planned.steps] for planned in plan(count, 4, now)]
			for action in ("revise", "order_part"):
				having = [each for each in actions if action in each]
				self.assertTrue(having, (count, action))
				for each in having:
					self.assertLess(each.index("quote"), each.index(action))

	def test_a_process_of_one_open_stage_can_be_planned(self):
		actions = {step.action for planned in plan(60, 1, now_datetime()) for step in planned.steps}
		self.assertNotIn("advance", actions)
		self.assertLessEqual({"win", "lose", "mail_in", "mail_out"}, actions)


def negotiated(count: int, open_stages: int, now: datetime) -> list[PlannedOpportunity]:
	"""Plan those that are offered something better, and those that are ordered in part."""
	return [
		planned
		for planned in plan(100, open_stages, now)
		if {"revise", "order_part"}.intersection(step.action for step in planned.steps)
	]


def on_the_last_steps(count: int, open_stages: int, now: datetime) -> list[PlannedOpportunity]:
	"""Plan one in play on the last open stage, and one on the stage before it."""
	found = {}
	for planned in plan(300, open_stages, now):
		actions = [step.action for step in planned.steps]
		if {WON, LOST, CLOSED, PAUSED}.isdisjoint(actions):
			found[actions.count("advance")] = planned
	return [found[open_stages - 2], found[open_stages - 1]]


def silent_ones(count: int, open_stages: int, now: datetime) -> list[PlannedOpportunity]:
	"""Plan those that wait for an answer for longer than auto-close does, and that nothing else protects."""
	opportunities = []
	for planned in plan(300, open_stages, now):
		last = next((step for step in reversed(planned.steps) if step.action.startswith("mail")), None)
		protected = {WON, LOST, CLOSED, PAUSED, "quote"} & {step.action for step in planned.steps}
		silent = last and last.action == "mail_out" and last.at < now - timedelta(days=16)
		if silent and not protected and not planned.next_contact:
			opportunities.append(planned)
	return opportunities


class TestDemo(TestCase):
	def setUp(self):
		super().setUp()
		remove()

	def test_what_is_removed_is_what_was_made(self):
		before = {doctype: frappe.db.count(doctype) for doctype in MADE}
		made = build(12)
		self.assertEqual(frappe.db.count("Demo Record"), made)
		self.assertEqual(frappe.db.count("Opportunity"), before["Opportunity"] + 12)
		self.assertEqual(remove(), [])
		self.assertEqual({doctype: frappe.db.count(doctype) for doctype in MADE}, before)

	def test_its_manager_leads_those_who_sell(self):
		build(1)
		manager, *others = (user_of(*person[:2]) for person in SALESPEOPLE)
		self.assertEqual(people_of(manager), [manager, *sorted(others)])

	def test_its_last_open_stage_asks_for_what_those_before_it_lack(self):
		process = process_for(None)
		changed = frappe.db.get_value("Sales Process", process, "modified")
		with patch("crm_pipeline.demo.build.plan", on_the_last_steps):
			build(2)
		last = [stage.name for stage in stages_of(process) if stage.type == OPEN_STAGE][-1]
		arrived, before = sorted(self.opportunities(), key=lambda each: each.sales_stage != last)
		self.assertEqual((arrived.sales_stage, before.proposed_solution), (last, None))
		self.assertEqual(unmet_requirements(arrived), [])
		with self.assertRefused(StageRequirementsMissing, "Proposed Solution"):
			before.move_stage(1)
		before = frappe.get_doc("Opportunity", before.name)
		before.update({"proposed_solution": "<p>As before</p>"}).save()
		before.move_stage(1)
		self.assertEqual(remove(), [])
		self.assertEqual(required_by_stage(frappe.get_cached_doc("Sales Process", process)), {})
		self.assertEqual(frappe.db.get_value("Sales Process", process, "modified"), changed)

	def test_what_a_process_asks_for_already_is_left_as_it_is(self):
		process = frappe.get_doc("Sales Process", process_for(None))
		last = [stage.name for stage in stages_of(process.name) if stage.type == OPEN_STAGE][-1]
		process.append("requirements", {"sales_stage": last, "requirement": "Field", "fieldname": "source"})
		process.save()
		build(1)
		self.assertEqual(remove(), [])
		required = required_by_stage(frappe.get_cached_doc("Sales Process", process.name))
		self.assertEqual([each["fieldname"] for each in required[last]], ["source"])

	def test_it_is_built_once(self):
		build(1)
		with self.assertRefused(DemoPresent, "already"):
			build(1)

	def test_history_lies_in_the_past_and_ends_in_the_present_state(self):
		with patch("crm_pipeline.demo.build.plan", one_of_each):
			build(5)
		opportunities = self.opportunities()
		self.assertLessEqual({*status.ENDED, status.PAUSED}, {each.status for each in opportunities})
		for opportunity in opportunities:
			rows = frappe.get_all(
				"Pipeline Change",
				filters={"opportunity": opportunity.name},
				fields=["at", "by", "status", "sales_stage", "base_opportunity_amount"],
				order_by="idx",
			)
			moments = [get_datetime(row.at) for row in rows]
			self.assertEqual(moments, sorted(moments))
			self.assertEqual(getdate(moments[0]), getdate(opportunity.transaction_date))
			self.assertEqual(rows[-1].status, opportunity.status)
			self.assertEqual(rows[-1].sales_stage, opportunity.sales_stage)
			self.assertAlmostEqual(rows[-1].base_opportunity_amount, opportunity.base_opportunity_amount, 2)
			if opportunity.status in status.ENDED:
				self.assertEqual(getdate(opportunity.closed_on), getdate(moments[-1]))
				self.assertEqual(getdate(opportunity.closed_on), getdate(opportunity.modified))
				self.assertLess(getdate(opportunity.closed_on), getdate(today()))

	def test_what_a_users_record_links_with_is_left_until_that_goes(self):
		build(12)
		planned = next(each for each in self.opportunities() if each.opportunity_from == "Customer")
		own = factories.make_party_opportunity(party_name=planned.party_name)
		left = {(doctype, name) for doctype, name, _reason in remove()}
		self.assertIn(("Customer", planned.party_name), left)
		self.assertNotIn(("Opportunity", planned.name), left)
		self.assertTrue(all(frappe.db.exists(doctype, name) for doctype, name in left))
		self.assertEqual(frappe.db.count("Demo Record"), len(left))
		own.delete()
		self.assertEqual(remove(), [])
		self.assertFalse(frappe.db.exists("Customer", planned.party_name))

	def test_edited_and_deleted_records_go_too(self):
		build(4)
		edited, deleted = frappe.get_all(
			"Opportunity",
			filters=[["name", "in", self.made("Opportunity")]],
			order_by="name",
			limit=2,
			pluck="name",
		)
		frappe.get_doc("Opportunity", edited).update({"to_discuss": "Edited"}).save()
		for doctype in ("Quotation", "Supplier Quotation"):
			for name in frappe.get_all(
				doctype, filters={"opportunity": deleted, "docstatus": 1}, pluck="name"
			):
				frappe.get_doc(doctype, name).cancel()
			for name in frappe.get_all(doctype, filters={"opportunity": deleted}, pluck="name"):
				frappe.delete_doc(doctype, name)
		frappe.delete_doc("Opportunity", deleted)
		self.assertEqual(remove(), [])
		self.assertFalse(frappe.db.exists("Opportunity", edited))

	def test_requests_to_suppliers_stand_in_every_way(self):
		build(120)
		requests = frappe.get_all(
			"Supplier Quotation",
			{"name": ["in", self.made("Supplier Quotation")], "request_status": ["!=", ""]},
			["docstatus", "request_status"],
		)
		waiting = {row.request_status for row in requests if not row.docstatus}
		self.assertEqual(waiting, {"Asked", "Opened", "Answered", "Declined", "Late"})
		self.assertEqual({row.request_status for row in requests if row.docstatus}, {"Answered"})
		self.assertEqual(follow_requests(), 0)  # nobody of the demo is mailed
		self.assertEqual(remove(), [])

	def test_quotations_are_made_from_the_cheapest_of_three_offers(self):
		build(60)
		made = [
			quotation
			for quotation in map(partial(frappe.get_doc, "Quotation"), self.made("Quotation"))
			if quotation.base_cost
		]
		self.assertTrue(made)
		self.assertTrue([quotation for quotation in made if quotation.status == "Ordered"])
		for quotation in made:
			self.assertGreaterEqual(quotation.margin_percentage, 27)  # after all discounts
			offers = frappe.get_all(
				"Supplier Quotation", {"opportunity": quotation.opportunity}, pluck="supplier"
			)
			self.assertEqual((len(offers), len(set(offers))), (3, 3))

	def test_what_is_negotiated_shows_and_goes(self):
		before = frappe.db.count("Quotation")
		with patch("crm_pipeline.demo.build.plan", negotiated):
			build()
		quotations = {name: frappe.get_doc("Quotation", name) for name in self.made("Quotation")}
		revisions = [each for each in quotations.values() if each.replaces]
		self.assertTrue(revisions)
		for revision in revisions:
			former = quotations[revision.replaces]
			self.assertEqual((former.replaced_by, revision.replaced_by), (revision.name, None))
			self.assertEqual(former.valid_till, revision.valid_till)
			self.assertGreater(revision.transaction_date, former.transaction_date)
			self.assertLess(revision.net_total, former.net_total)
			self.assertEqual([each.name for each in quotations_of(revision.opportunity)], [revision.name])
		in_part = [each for each in quotations.values() if each.status == PARTIALLY_ORDERED]
		self.assertTrue(in_part)
		for quotation in in_part:
			self.assertEqual([row.ordered for row in quotation.items[:2]], [1, 0])
			self.assertEqual(
				frappe.db.get_value("Opportunity", quotation.opportunity, "status"), status.QUOTATION
			)
		self.assertEqual(remove(), [])
		self.assertEqual(frappe.db.count("Quotation"), before)

	def test_opportunities_stand_as_their_mails_say(self):
		build(20)
		mailed = 0
		for opportunity in self.opportunities():
			contacts = contacts_on(opportunity.name)
			out = [contact.at for contact in contacts if contact.from_us]
			into = [contact.at for contact in contacts if not contact.from_us]
			mailed += len(contacts)
			self.assertEqual(
				(opportunity.contacted_out or 0, opportunity.contacted_in or 0), (len(out), len(into))
			)
			self.assertEqual(opportunity.last_contacted_on, max(out, default=None))
			self.assertEqual(opportunity.last_response_on, max(into, default=None))
			self.assertEqual(opportunity.first_responded_on, min(out, default=None))
			ended = opportunity.status in ENDED
			turn = "" if ended else waiting_for(opportunity.last_contacted_on, opportunity.last_response_on)
			self.assertEqual(opportunity.waiting_for or "", turn or "")
		self.assertEqual(mailed, len(self.made("Communication")))
		self.assertGreater(mailed, 20)

	def test_a_mail_shows_with_the_contact_and_the_party_too(self):
		build(12)
		mail = ["in", self.made("Communication")]
		linked = frappe.get_all(
			"Communication Link",
			{"parenttype": "Communication", "parent": mail},
			["link_doctype", "link_name", "parent"],
		)
		self.assertEqual({link.link_doctype for link in linked}, {"Contact", "Customer"})
		for link in linked:
			self.assertTrue(frappe.db.exists(link.link_doctype, link.link_name))
		remove()
		self.assertFalse(frappe.db.exists("Communication Link", {"parent": mail}))

	def test_a_manager_salespeople_and_a_buyer_work_here_however_small_the_demo(self):
		build(2)
		roles = {
			user: {"Sales User", "Sales Manager", "Purchase User"}.intersection(frappe.get_roles(user))
			for user in self.made("User")
		}
		self.assertEqual(roles.pop(user_of(*BUYER)), {"Purchase User"})
		self.assertEqual(roles.pop(user_of(*SALESPEOPLE[0][:2])), {"Sales User", "Sales Manager"})
		self.assertEqual(list(roles.values()), [{"Sales User"}] * (len(SALESPEOPLE) - 1))
		self.assertEqual({person.user for person in colleagues()}, set(self.made("User")))
		self.assertEqual(
			[person.role for person in colleagues()],
			["Sales Manager", *["Sales User"] * (len(SALESPEOPLE) - 1), "Purchase User"],
		)

	def test_its_people_can_sign_in_only_when_they_are_let_in_and_not_after_removal(self):
		build(2)
		user = user_of(*BUYER)
		with self.assertRaises(frappe.AuthenticationError):
			check_password(user, "demo")
		self.assertIn(f"{user} ", self.command("demo-people"))
		with self.assertRaises(frappe.AuthenticationError):
			check_password(user, "demo")
		self.assertIn("Sofia Nowak, Purchase User", self.command("demo-people", "--password", "demo"))
		self.assertEqual(check_password(user, "demo"), user)
		remove()
		self.assertEqual(self.command("demo-people"), "The demo is not on this site.\n")
		kept = {"doctype": "User", "name": user}
		self.assertFalse(
			frappe.db.get_value("__Auth", kept, "name", order_by=None)
		)  # it has no column to sort by

	def command(self, *words: str) -> str:
		"""Run a command within the test's transaction; returns what it said."""
		context = frappe._dict(sites=["here"], profile=False)
		module = import_module("crm_pipeline.commands.demo")  # under that name the package has the command
		with patch.object(module, "on_site", nullcontext):
			return CliRunner().invoke(crm_pipeline, words, obj=context, catch_exceptions=False).output

	def test_a_disabled_colleague_is_not_let_in(self):
		build(2)
		user = user_of(*BUYER)
		frappe.get_doc("User", user).update({"enabled": 0}).save()
		self.assertNotIn(user, [person.user for person in colleagues()])

	def test_a_few_are_due_for_auto_close(self):
		with patch("crm_pipeline.demo.build.plan", silent_ones):
			build()
		made = self.made("Opportunity")
		self.assertIn(len(made), range(3, 10))
		due = {row["name"] for row in preview_auto_close(limit=1000)["rows"]}
		self.assertLessEqual(set(made), due)

	def test_nothing_is_dated_after_today(self):
		build(6)
		for opportunity in self.opportunities():
			self.assertLessEqual(getdate(opportunity.transaction_date), getdate(today()))
			self.assertLessEqual(get_datetime(opportunity.creation), now_datetime())

	def made(self, doctype: str) -> list[str]:
		return frappe.get_all("Demo Record", filters={"reference_doctype": doctype}, pluck="reference_name")

	def opportunities(self) -> list:
		return [frappe.get_doc("Opportunity", name) for name in self.made("Opportunity")]
