"""The life of a quotation: answered, ordered as a whole or row by row, lost, expired."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.quoting.quotations import quotations_of
from crm_pipeline.rules import quotation_status
from crm_pipeline.tasks import expire_quotations
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write


def rows(*rates: float) -> list[dict]:
	return [{"item_name": f"Part {rate}", "qty": 1, "rate": rate} for rate in rates]


class LifeCase(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = make_party_opportunity()
		self.quotation = make_quotation(self.opportunity, items=rows(100, 20, 3))

	def names(self, *positions: int) -> list[str]:
		return [self.quotation.items[each].name for each in positions]

	def order(self, *positions: int, **arguments):
		return self.quotation.reload().mark_ordered(items=self.names(*positions), **arguments)

	def assertIs_(self, quotation: str, opportunity: str, revenue: float = 0):
		self.assertEqual(self.quotation.reload().status, quotation)
		self.opportunity.reload()
		self.assertEqual((self.opportunity.status, self.opportunity.close_revenue), (opportunity, revenue))


class TestAnswers(LifeCase):
	def answer(self, **fields):
		make_mail(self.quotation, "Received", reference_doctype="Quotation", **fields)

	def test_the_customer_s_mail(self):
		self.answer()
		self.assertIs_("Replied", "Quotation")
		self.answer()
		self.assertIs_("Replied", "Quotation")

	def test_an_answer_that_a_mailbox_takes_in_and_no_automatic_one(self):
		message_id = f"{frappe.generate_hash(length=12)}@sales.example"
		make_mail(self.quotation, reference_doctype="Quotation", message_id=message_id)
		mailbox = make_mailbox()
		for headers, expected in (({"Auto_Submitted": "auto-replied"}, "Open"), ({}, "Replied")):
			answer = write(address(), mailbox, In_Reply_To=f"<{message_id}>", **headers)
			self.assertEqual(deliver(answer, mailbox).reference_name, self.quotation.name)
			self.assertIs_(expected, "Quotation")

	def test_our_own_and_automatic_ones_do_nothing(self):
		make_mail(self.quotation, "Sent", reference_doctype="Quotation")
		self.answer(communication_type="Automated Message")
		self.assertIs_("Open", "Quotation")

	def test_whatever_is_further_stays(self):
		for values in (
			{"status": "Ordered"},
			{"status": "Partially Ordered"},
			{"status": "Lost"},
			{"status": "Expired"},
			{"status": "Cancelled", "docstatus": 2},
			{"status": "Draft", "docstatus": 0},
			{"status": "Open", "valid_till": in_days(-1)},
		):
			with self.subTest(values):
				stored = {"docstatus": 1, "valid_till": None, **values}
				frappe.db.set_value("Quotation", self.quotation.name, stored)
				self.answer()
				self.assertEqual(self.quotation.reload().status, values["status"])

	def test_one_that_is_answered_may_be_ordered_lost_cancelled_and_expires(self):
		def expire(quotation):
			frappe.db.set_value("Quotation", quotation.name, "valid_till", in_days(-1))
			expire_quotations()

		for act, expected in (
			(lambda each: each.mark_ordered(), "Ordered"),
			(lambda each: each.declare_lost([make_lost_reason().name]), "Lost"),
			(lambda each: each.cancel(), "Cancelled"),
			(expire, "Expired"),
		):
			with self.subTest(expected):
				self.setUp()
				self.answer()
				act(self.quotation.reload())
				self.assertEqual(self.quotation.reload().status, expected)

	def test_an_answered_one_stands(self):
		self.answer()
		self.opportunity.reload()
		with self.assertRefused(exceptions.ActiveQuotationStands):
			self.opportunity.declare_lost([make_lost_reason().name])
		self.opportunity.reload().declare_lost([make_lost_reason().name], lose_quotations=True)
		self.assertIs_("Lost", "Lost")

	def test_a_mail_that_is_moved_to_it_counts(self):
		mail = make_mail(self.opportunity, "Received")
		mail.update({"reference_doctype": "Quotation", "reference_name": self.quotation.name}).save()
		self.assertIs_("Replied", "Quotation")


class TestOrderedByRows(LifeCase):
	def test_some_now_and_the_rest_later(self):
		self.order(1)
		self.assertIs_("Partially Ordered", "Quotation")
		self.assertEqual([row.ordered for row in self.quotation.items], [0, 1, 0])
		self.order(0)
		self.assertIs_("Partially Ordered", "Quotation")
		self.order(2)
		self.assertIs_("Ordered", "Converted", 123)

	def test_without_rows_named_all_that_is_left(self):
		self.order(1)
		self.quotation.reload().mark_ordered()
		self.assertIs_("Ordered", "Converted", 123)
		self.assertEqual([row.ordered for row in self.quotation.items], [1, 1, 1])

	def test_the_rest_is_lost(self):
		self.order(1, 2)
		reason = make_lost_reason().name
		self.quotation.reload().declare_lost([reason])
		self.assertIs_("Ordered", "Converted", 23)
		self.assertEqual([row.lost_reason for row in self.quotation.lost_reasons], [reason])

	def test_the_rest_lapses(self):
		self.order(0)
		frappe.db.set_value("Quotation", self.quotation.name, "valid_till", in_days(-1))
		(state,) = quotations_of(self.opportunity.name)
		self.assertEqual((state.state, state.value), ("Ordered", 100))
		expire_quotations()
		self.assertIs_("Ordered", "Converted", 100)

	def test_a_part_of_an_expired_one_is_all_there_is_to_come(self):
		frappe.db.set_value("Quotation", self.quotation.name, "valid_till", in_days(-1))
		expire_quotations()
		self.assertIs_("Expired", "Open")
		self.order(2)
		self.assertIs_("Ordered", "Converted", 3)

	def test_on_its_last_day_it_is_still_to_come(self):
		frappe.db.set_value("Quotation", self.quotation.name, "valid_till", in_days(0))
		self.order(2)
		expire_quotations()
		self.assertIs_("Partially Ordered", "Quotation")

	def test_cancelled_nothing_is_ordered_any_more(self):
		self.order(0)
		self.quotation.reload().cancel()
		self.assertIs_("Cancelled", "Open")

	def test_it_ends_with_the_last_order(self):
		frappe.db.set_value("Quotation", self.quotation.name, "transaction_date", in_days(-9))
		frappe.db.set_value("Opportunity", self.opportunity.name, "transaction_date", in_days(-9))
		self.order(0, ordered_on=in_days(-2))
		self.order(1, 2, ordered_on=in_days(-5))
		self.assertEqual(str(self.quotation.reload().ordered_on), in_days(-2))
		self.assertEqual(str(self.opportunity.reload().closed_on), in_days(-2))

	def test_each_opportunity_gets_its_ordered_rows(self):
		other = make_opportunity()
		parts = rows(100, 20, 3)
		parts[1]["opportunity"] = parts[2]["opportunity"] = other.name
		self.quotation.cancel()
		self.quotation = make_quotation(self.opportunity, items=parts)
		self.order(0, 2)
		self.quotation.reload().declare_lost([make_lost_reason().name])
		self.assertIs_("Ordered", "Converted", 100)
		self.assertEqual(other.reload().close_revenue, 3)

	def test_rows_that_cannot_be_ordered(self):
		self.order(0)
		foreign = make_quotation().items[0].name
		for items, refusal in (
			([], exceptions.RowsMissing),
			("[]", exceptions.RowsMissing),
			([foreign], exceptions.PickedRowsUnfit),
			(self.names(0, 1), exceptions.PickedRowsUnfit),
			("garbage", exceptions.UnreadableList),
		):
			with self.subTest(items), self.assertRefused(refusal):
				self.quotation.reload().mark_ordered(items=items)
		self.assertEqual([row.ordered for row in self.quotation.reload().items], [1, 0, 0])

	def test_a_second_click_changes_nothing(self):
		self.order(0, from_status="Open")
		with self.assertRefused(exceptions.StateGone):
			self.order(0, from_status="Open")

	def test_nobody_marks_rows_by_the_way(self):
		self.quotation.reload().items[0].ordered = 1
		with self.assertRefused(exceptions.QuotationNotOpen):
			self.quotation.save()
		draft = make_quotation(items=[{**rows(5)[0], "ordered": 1}], submit=False)
		self.assertEqual(draft.items[0].ordered, 0)
		draft.items[0].ordered = 1
		self.assertEqual(draft.submit().items[0].ordered, 0)

	def test_an_amended_one_begins_without(self):
		self.order(0)
		self.quotation.reload().cancel()
		amended = frappe.copy_doc(self.quotation.reload())
		amended.update({"docstatus": 0, "amended_from": self.quotation.name})
		self.assertEqual([row.ordered for row in amended.insert().items], [0, 0, 0])

	def test_an_opportunity_is_not_lost_over_what_is_ordered(self):
		second = make_quotation(self.opportunity)
		self.order(0)
		self.opportunity.reload()
		with self.assertRefused(exceptions.ActiveQuotationStands, self.quotation.name):
			self.opportunity.declare_lost([make_lost_reason().name], lose_quotations=True)
		self.assertEqual(second.reload().status, "Open")

	def test_of_one_without_rows_all_is_ordered(self):
		opportunity = make_party_opportunity(items=[], opportunity_amount=50)
		quotation = make_quotation(opportunity)
		self.assertEqual(quotation.mark_ordered().status, "Ordered")
		self.assertEqual(opportunity.reload().close_revenue, 50)


class TestWhatIsSent(LifeCase):
	def test_a_link_that_is_an_object_is_refused_on_submission_too(self):
		for field in ("opportunity", "replaces"):
			draft = make_quotation(submit=False)
			draft.set(field, {"name": "x"})
			with self.subTest(field), self.assertRefused(exceptions.LinkNotText):
				draft.submit()


class TestStoredBefore(LifeCase):
	def test_the_rows_of_what_was_ordered_as_a_whole_are_marked(self):
		from crm_pipeline.patches.mark_ordered_rows import execute

		open_one = make_quotation(self.opportunity)
		self.quotation.mark_ordered()
		for row in self.quotation.items:
			frappe.db.set_value("Quotation Item", row.name, "ordered", 0)
		self.assertEqual(quotations_of(self.opportunity.name)[0].value, 0)
		execute()
		self.assertEqual([row.ordered for row in self.quotation.reload().items], [1, 1, 1])
		self.assertEqual([row.ordered for row in open_one.reload().items], [0])
		self.assertEqual(quotations_of(self.opportunity.name)[0].value, 123)


class TestStatuses(TestCase):
	def test_the_field_has_those_that_the_rules_know(self):
		options = frappe.get_meta("Quotation").get_field("status").options.split("\n")
		self.assertEqual(tuple(options), quotation_status.STATUSES)

	def test_the_workspace_counts_those_in_play(self):
		shortcut = {"parent": "CRM Pipeline", "link_to": "Quotation"}
		filters = frappe.parse_json(frappe.db.get_value("Workspace Shortcut", shortcut, "stats_filter"))
		states = next(each[3] for each in filters if each[1] == "status")
		self.assertEqual(tuple(states), quotation_status.IN_PLAY)
