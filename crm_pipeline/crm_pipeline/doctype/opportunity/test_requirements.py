"""What a stage requires, refused alike on every way into it."""

from datetime import date
from unittest import TestCase as PlainTestCase

import frappe
from frappe.utils import add_to_date, now_datetime

from crm_pipeline import exceptions
from crm_pipeline.rules.requirements import Facts, Requirement, missing
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_item,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_quotation,
	make_supplier,
)

TODAY = date(2026, 3, 11)
NOTHING = Facts(filled=(), items=0, last_contact=None, supplier_quotation=False)


class TestRule(PlainTestCase):
	def test_each_kind_is_met_and_missed(self):
		for requirement, met in (
			(Requirement("Field", "source"), NOTHING._replace(filled=("source",))),
			(Requirement("Item"), NOTHING._replace(items=1)),
			(Requirement("Contact within Days", None, 5), NOTHING._replace(last_contact=date(2026, 3, 6))),
			(Requirement("Supplier Quotation"), NOTHING._replace(supplier_quotation=True)),
		):
			self.assertEqual(missing([requirement], NOTHING, TODAY), [requirement])
			self.assertEqual(missing([requirement], met, TODAY), [])

	def test_an_older_contact_does_not_count(self):
		requirement = Requirement("Contact within Days", None, 5)
		facts = NOTHING._replace(last_contact=date(2026, 3, 5))
		self.assertEqual(missing([requirement], facts, TODAY), [requirement])

	def test_all_that_is_missing_is_named_once_and_in_order(self):
		rows = [Requirement("Item"), Requirement("Field", "source"), Requirement("Item")]
		self.assertEqual(missing(rows, NOTHING, TODAY), rows[:2])


class RequirementCase(TestCase):
	"""A process of three open stages, of which the second requires something."""

	def setUp(self):
		super().setUp()
		self.process = make_process(10, 50, 80)
		self.first, self.second, self.third, self.won, self.lost = (
			row.sales_stage for row in self.process.stages
		)

	def require(self, *rows: dict, stage: str | None = None):
		for row in rows:
			self.process.append("requirements", {"sales_stage": stage or self.second, **row})
		self.process.save()

	def opportunity(self, **fields):
		return make_opportunity(sales_process=self.process.name, **fields)

	def assertMissing(self, *words: str):
		return self.assertRefused(exceptions.StageRequirementsMissing, ", ".join(words))


class TestWaysIn(RequirementCase):
	def setUp(self):
		super().setUp()
		self.require({"requirement": "Field", "fieldname": "source"}, {"requirement": "Item"})
		self.missing = ("Source", "at least one item")

	def test_the_refusal_lists_all_that_is_missing(self):
		opportunity = self.opportunity()
		with self.assertMissing(*self.missing):
			opportunity.advance()
		self.assertEqual(opportunity.reload().sales_stage, self.first)

	def test_a_bare_update_is_refused_until_everything_is_there(self):
		opportunity = self.opportunity()
		opportunity.sales_stage = self.second
		with self.assertMissing(*self.missing):
			opportunity.save()
		opportunity.reload().update({"sales_stage": self.second, "source": "Website"})
		with self.assertMissing("at least one item"):
			opportunity.save()
		opportunity.reload().update({"sales_stage": self.second, "source": "Website"})
		opportunity.append("items", {"item_code": make_item().name, "qty": 1})
		self.assertEqual(opportunity.save().sales_stage, self.second)

	def test_a_new_opportunity_is_held_to_it(self):
		with self.assertMissing(*self.missing):
			self.opportunity(sales_stage=self.second)
		self.require({"requirement": "Item"}, stage=self.first)
		with self.assertMissing("at least one item"):
			self.opportunity()

	def test_so_is_one_that_comes_from_another_process(self):
		opportunity = make_opportunity()
		with self.assertMissing(*self.missing):
			opportunity.change_process(self.process.name, self.second)

	def test_so_is_one_that_is_reopened_or_steps_back(self):
		opportunity = self.opportunity(sales_stage=self.third)
		with self.assertMissing(*self.missing):
			opportunity.step_back()

	def test_stages_passed_over_are_not_asked(self):
		self.assertEqual(self.opportunity(sales_stage=self.third).sales_stage, self.third)

	def test_won_and_lost_stages_may_require_something_too(self):
		self.require({"requirement": "Item"}, stage=self.won)
		self.require({"requirement": "Field", "fieldname": "competitors"}, stage=self.lost)
		with self.assertMissing("at least one item"):
			self.opportunity().mark_won()
		with self.assertMissing("Competitors"):
			self.opportunity().declare_lost([make_lost_reason().name])
		kanban = self.opportunity(lost_reasons=[{"lost_reason": make_lost_reason().name}])
		kanban.status = "Lost"
		with self.assertMissing("Competitors"):
			kanban.save()

	def test_an_opportunity_that_is_in_the_stage_stays(self):
		opportunity = self.opportunity(source="Website", items=[{"item_name": "Chair", "qty": 1, "rate": 5}])
		opportunity.advance()
		opportunity.update({"source": None, "items": []})
		self.assertEqual(opportunity.save().sales_stage, self.second)

	def test_an_ordered_quotation_wins_whatever_is_missing(self):
		self.require({"requirement": "Field", "fieldname": "campaign"}, stage=self.won)
		opportunity = make_party_opportunity(sales_process=self.process.name)
		make_quotation(opportunity).mark_ordered()
		self.assertEqual(opportunity.reload().sales_stage, self.won)


class TestKinds(RequirementCase):
	def test_a_contact_within_days(self):
		self.require({"requirement": "Contact within Days", "days": 5})
		opportunity = self.opportunity()
		make_mail(opportunity, "Received", communication_date=add_to_date(now_datetime(), days=-6))
		opportunity.reload()
		with self.assertMissing("a contact within the last 5 days"):
			opportunity.advance()
		make_mail(opportunity)
		self.assertEqual(opportunity.reload().advance().sales_stage, self.second)

	def test_a_contact_within_one_day_is_named_as_one(self):
		self.require({"requirement": "Contact within Days", "days": 1})
		with self.assertMissing("a contact within the last day"):
			self.opportunity().advance()

	def test_a_supplier_quotation_in_hand(self):
		self.require({"requirement": "Supplier Quotation"})
		opportunity = self.opportunity(transaction_date=in_days(-9))
		offer = {
			"supplier": make_supplier().name,
			"transaction_date": in_days(-9),
			"items": [{"item_name": "Chair", "qty": 1, "rate": 5, "opportunity": opportunity.name}],
		}
		draft = make("Supplier Quotation", **offer)
		make("Supplier Quotation", **offer, valid_till=in_days(-1)).submit()
		with self.assertMissing("a submitted supplier quotation"):
			opportunity.advance()
		draft.submit()
		self.assertEqual(opportunity.reload().advance().sales_stage, self.second)

	def test_a_supplier_quotation_counts_on_its_last_day_and_without_one(self):
		self.require({"requirement": "Supplier Quotation"})
		offer = {"supplier": make_supplier().name, "transaction_date": in_days(-9)}
		for valid_till, counts in (
			(in_days(-1), False),
			(in_days(0), True),
			(in_days(1), True),
			(None, True),
		):
			for on_head in (True, False):
				opportunity = self.opportunity()
				row = {"item_name": "Chair", "qty": 1, "rate": 5}
				row |= {} if on_head else {"opportunity": opportunity.name}
				head = {"opportunity": opportunity.name} if on_head else {}
				make("Supplier Quotation", **offer, **head, items=[row], valid_till=valid_till).submit()
				with self.subTest(valid_till=valid_till, on_head=on_head):
					if counts:
						self.assertEqual(opportunity.advance().sales_stage, self.second)
					else:
						with self.assertMissing("a submitted supplier quotation"):
							opportunity.advance()

	def test_a_text_of_mere_markup_is_empty(self):
		self.require({"requirement": "Field", "fieldname": "customer_need"})
		opportunity = self.opportunity(customer_need="<p><br></p>")
		with self.assertMissing("Customer Need"):
			opportunity.advance()


class TestOverride(RequirementCase):
	def setUp(self):
		super().setUp()
		self.require({"requirement": "Item"})

	def overrides(self, opportunity) -> list:
		fields = ["sales_stage", "old_value", "new_value", "by"]
		filters = {"opportunity": opportunity.name, "change": "Override"}
		return [tuple(row.values()) for row in frappe.get_all("Pipeline Change", filters, fields)]

	def test_a_manager_passes_with_a_reason_which_the_history_keeps(self):
		with self.as_user("Sales User", "Sales Manager") as manager:
			opportunity = self.opportunity()
			with self.assertMissing("at least one item"):
				opportunity.advance()
			opportunity.reload().advance(override_reason="They sign tomorrow")
		self.assertEqual(opportunity.reload().sales_stage, self.second)
		self.assertFalse(opportunity.override_reason)
		self.assertEqual(
			self.overrides(opportunity),
			[(self.second, "at least one item", "They sign tomorrow", manager)],
		)

	def test_the_reason_may_come_as_a_field(self):
		opportunity = self.opportunity(sales_stage=self.second, override_reason="Imported")
		self.assertEqual((len(self.overrides(opportunity)), opportunity.override_reason), (1, None))

	def test_a_salesperson_does_not_pass(self):
		with self.as_user("Sales User"):
			opportunity = self.opportunity()
			with self.assertMissing("at least one item"):
				opportunity.advance(override_reason="Please")

	def test_a_reason_that_was_not_needed_is_not_kept(self):
		opportunity = self.opportunity(override_reason="Just in case")
		self.assertEqual((self.overrides(opportunity), opportunity.override_reason), ([], None))


class TestSetup(RequirementCase):
	def test_a_requirement_says_what_it_means(self):
		for row in (
			{"requirement": "Item", "sales_stage": "Lead"},
			{"requirement": "Field"},
			{"requirement": "Field", "fieldname": "colour"},
			{"requirement": "Contact within Days"},
		):
			with self.assertRefused(exceptions.StageRequirementInvalid, "Requirement 1"):
				self.require(row)
			self.process.reload()

	def test_a_renamed_stage_keeps_its_requirements(self):
		self.require({"requirement": "Item"})
		frappe.rename_doc("Sales Stage", self.second, f"{self.second} renamed")
		with self.assertMissing("at least one item"):
			self.opportunity().advance()
