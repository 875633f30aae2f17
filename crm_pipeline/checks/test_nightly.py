"""What of the history does not add up is found, and told once a night."""

import frappe

from crm_pipeline.checks import history, running
from crm_pipeline.checks.nightly import EXAMPLES, log_what_does_not_add_up
from crm_pipeline.tasks import check_histories
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_stage,
	unique,
)

DIFFERING, MISNUMBERED, UNCHAINED = "history-last-state", "history-numbered", "history-chained"
SPANS = "history-spans"


class TestNightly(TestCase):
	def setUp(self):
		super().setUp()
		self.before = self.found()

	def found(self) -> dict[str, set[str]]:
		return {each.name: running.names_of(each) for each in history.INVARIANTS}

	def assertFound(self, broken: str | dict | None = None, names: tuple[str, ...] = ()):
		"""Expect opportunities, and none that was found before, to break one invariant or several, and no other to be broken."""
		expected = broken if isinstance(broken, dict) else {broken: names} if broken else {}
		found = {name: each - self.before[name] for name, each in self.found().items()}
		self.assertEqual(
			{name: each for name, each in found.items() if each},
			{name: {*each} for name, each in expected.items()},
		)

	def change(self, opportunity, number: int) -> str:
		return frappe.db.get_value("Pipeline Change", {"opportunity": opportunity.name, "idx": number})

	def test_whatever_documents_do_adds_up(self):
		opportunity = make_opportunity(opportunity_amount=99.99, expected_closing=in_days(3))
		opportunity.update({"opportunity_amount": 12.3, "expected_closing": None, "probability": 33.3}).save()
		opportunity.update({"expected_closing": in_days(30)}).save()
		opportunity.declare_lost([make_lost_reason().name])
		opportunity.reload().reopen()
		opportunity.reload().pause(in_days(5))
		opportunity.reload().mark_won()
		quoted = make_party_opportunity()
		make_quotation(quoted).cancel()
		frappe.db.set_value("Currency", "NOK", "enabled", 1)
		make_exchange_rate("NOK", "USD", 0.1, in_days(-5))
		make_opportunity(currency="NOK", opportunity_amount=77.77)
		make_exchange_rate("NOK", "USD", 0.123456789)
		make_opportunity(status="Converted", transaction_date=in_days(-9), closed_on=in_days(-3))
		make_opportunity(transaction_date=in_days(9)).update({"opportunity_amount": 3}).save()
		frappe.rename_doc("Sales Stage", make_stage().name, unique("Renamed"))
		frappe.rename_doc("Sales Stage", opportunity.reload().sales_stage, unique("Renamed"))
		self.assertFound()

	def test_fields_that_were_changed_past_the_history(self):
		for field, value in (
			("status", "Paused"),
			("opportunity_amount", 0.01),
			("base_opportunity_amount", 5),
			("expected_closing", in_days(1)),
			("opportunity_owner", "Administrator"),
			("probability", 11),
		):
			opportunity = make_opportunity()
			frappe.db.set_value("Opportunity", opportunity.name, field, value)
			with self.subTest(field):
				self.assertFound(DIFFERING, (opportunity.name,))
			frappe.db.delete("Opportunity", {"name": opportunity.name})
			frappe.db.delete("Pipeline Change", {"opportunity": opportunity.name})

	def test_one_without_history(self):
		opportunity = make_opportunity()
		frappe.db.delete("Pipeline Change", {"opportunity": opportunity.name})
		self.assertFound(DIFFERING, (opportunity.name,))

	def test_a_change_that_is_missing_and_one_that_is_there_twice(self):
		gap, twice = (make_opportunity() for _number in range(2))
		for opportunity in (gap, twice):
			opportunity.update({"opportunity_amount": 3}).save()
			opportunity.update({"opportunity_amount": 5}).save()
		twice.update({"opportunity_amount": 7}).save()
		frappe.db.delete("Pipeline Change", {"name": self.change(gap, 2)})
		frappe.db.set_value("Pipeline Change", self.change(twice, 3), "idx", 2)
		self.assertFound({MISNUMBERED: (gap.name, twice.name), SPANS: (gap.name, twice.name)})

	def test_a_change_that_held_until_another_moment(self):
		for field in ("replaced_at", "stay_until"):
			for value in (None, "2001-01-01 00:00:00"):
				opportunity = make_opportunity()
				opportunity.update({"sales_stage": self.second_stage(opportunity)}).save()
				with self.subTest(field, value=value):
					self.assertFound()
					frappe.db.set_value("Pipeline Change", self.change(opportunity, 1), field, value)
					self.assertFound(SPANS, (opportunity.name,))
					history.correct_spans([opportunity.name])
					self.assertFound()

	def second_stage(self, opportunity) -> str:
		return frappe.get_doc("Sales Process", opportunity.sales_process).stages[1].sales_stage

	def test_a_value_that_starts_from_nowhere(self):
		opportunity = make_opportunity(expected_closing=in_days(3))
		opportunity.update({"expected_closing": in_days(9)}).save()
		frappe.db.set_value("Pipeline Change", self.change(opportunity, 2), "old_value", in_days(4))
		self.assertFound(UNCHAINED, (opportunity.name,))

	def test_it_is_told_once_a_night_with_examples(self):
		names = [make_opportunity().name for _number in range(EXAMPLES + 2)]
		self.assertEqual(
			log_what_does_not_add_up(), [] if not any(self.before.values()) else self.all_before()
		)
		frappe.db.set_value("Opportunity", {"name": ["in", names]}, "probability", 77)
		logged = self.entries()
		found = check_histories()
		self.assertTrue(set(found) & set(names))
		new = set(self.entries()) - set(logged)
		self.assertEqual(len(new), 1)
		self.assertIn("and others", frappe.db.get_value("Error Log", new.pop(), "error"))

	def entries(self) -> list[str]:
		return frappe.get_all("Error Log", {"method": ["like", "%does not add up%"]}, pluck="name")

	def all_before(self) -> list[str]:
		return sorted({name for names in self.before.values() for name in names})
