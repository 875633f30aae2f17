"""What Make Quotation brings along from an opportunity, and what a new quotation says by itself."""

import json

import frappe
from frappe.utils import add_days, getdate

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_quotation as map_quotation
from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_customer,
	make_exchange_rate,
	make_item,
	make_lead,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	unique,
)


def make_address(party, **fields):
	links = [{"link_doctype": party.doctype, "link_name": party.name}]
	values = {"address_title": unique("Place"), "address_type": "Office", "address_line1": "1 Mill Lane"}
	return make(
		"Address", **{**values, "city": "Leeds", "country": "United Kingdom", "links": links, **fields}
	)


def make_rows(count: int) -> list[dict]:
	return [{"item_code": make_item().name, "qty": each + 1, "rate": 10} for each in range(count)]


class TestManyItems(TestCase):
	"""What Frappe does for each row remains: it looks up the row's item and writes the row."""

	def setUp(self):
		super().setUp()
		opportunities = [make_party_opportunity(items=make_rows(count)).name for count in (2, 2, 6)]
		context = self.as_user("Sales User")
		context.__enter__()
		self.addCleanup(context.__exit__, None, None, None)
		warm_up, *self.few_and_many = opportunities
		map_quotation(warm_up).insert().submit()  # fills the caches

	def test_statements_of_the_mapping_do_not_grow(self):
		counted = [self.statements(lambda: map_quotation(name)) for name in self.few_and_many]  # noqa: B023
		self.assertEqual(*counted)

	def test_nor_do_those_of_the_checks_before_a_save(self):
		quotations = [map_quotation(name) for name in self.few_and_many]
		for check in ("check_if_latest", "before_validate", "settle_fields"):
			counted = [self.statements(getattr(quotation, check)) for quotation in quotations]
			with self.subTest(check):
				self.assertEqual(*counted)

	def test_a_row_takes_no_more_than_its_two_links_and_its_writing(self):
		few, many = map(map_quotation, self.few_and_many)
		for act in ("insert", "submit"):
			with self.subTest(act):
				more = self.statements(getattr(many, act)) - self.statements(getattr(few, act))
				self.assertLessEqual(more, 4 * 3)


class TestPickedItems(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = make_party_opportunity(items=make_rows(3))
		self.addCleanup(frappe.flags.pop, "args", None)

	def picked(self, *positions: int) -> list[str]:
		return [self.opportunity.items[each].name for each in positions]

	def assertQuoted(self, quotation, *positions: int):
		self.assertEqual([row.opportunity_item for row in quotation.items], self.picked(*positions))
		self.assertEqual([row.idx for row in quotation.insert().items], list(range(1, len(positions) + 1)))

	def test_all_if_nothing_is_said(self):
		self.assertQuoted(map_quotation(self.opportunity.name), 0, 1, 2)

	def test_those_that_are_named(self):
		for args in (
			{"filtered_children": self.picked(0, 2)},
			{"filtered_children": json.dumps(self.picked(2, 0))},
			json.dumps({"filtered_children": self.picked(0, 2, 0)}),
		):
			with self.subTest(args):
				self.assertQuoted(map_quotation(self.opportunity.name, args=args), 0, 2)

	def test_those_that_frappe_hands_over_beside(self):
		frappe.flags.args = frappe._dict(filtered_children=self.picked(1))
		self.assertQuoted(map_quotation(self.opportunity.name), 1)

	def test_the_amount_is_that_of_the_picked(self):
		quotation = map_quotation(self.opportunity.name, args={"filtered_children": self.picked(2)})
		self.assertEqual((quotation.net_total, quotation.base_net_total), (30, 30))

	def test_none_is_refused(self):
		with self.assertRefused(exceptions.RowsMissing, self.opportunity.name):
			map_quotation(self.opportunity.name, args={"filtered_children": []})

	def test_rows_of_another_opportunity_are_refused(self):
		other = make_party_opportunity()
		names = [*self.picked(0), other.items[0].name]
		with self.assertRefused(exceptions.PickedRowsUnfit):
			map_quotation(self.opportunity.name, args={"filtered_children": names})

	def test_what_is_no_list_is_refused(self):
		for args, refusal in (
			({"filtered_children": {"a": 1}}, exceptions.UnreadableList),
			({"filtered_children": "x"}, exceptions.UnreadableList),
			("[1]", exceptions.UnreadableValues),
			("garbage", exceptions.UnreadableValues),
		):
			with self.subTest(args), self.assertRefused(refusal):
				map_quotation(self.opportunity.name, args=args)

	def test_a_row_that_is_said_to_be_of_another_opportunity_is_refused(self):
		quotation = map_quotation(self.opportunity.name)
		quotation.items[0].opportunity = make_party_opportunity().name
		with self.as_user("Sales User"), self.assertRefused(frappe.LinkValidationError):
			quotation.insert()

	def test_a_row_that_is_deleted_after_quoting_leaves_the_quotation_as_it_is(self):
		quotation = map_quotation(self.opportunity.name).insert()
		del self.opportunity.items[0]
		self.opportunity.save()
		self.assertEqual((quotation.reload().submit().net_total, quotation.status), (60, "Open"))


class TestParty(TestCase):
	def test_a_lead_and_a_customer(self):
		for party_type, party in (("Lead", make_lead()), ("Customer", make_customer())):
			with self.subTest(party_type):
				opportunity = make_opportunity(
					opportunity_from=party_type, party_name=party.name, opportunity_amount=70
				)
				quotation = make_quotation(opportunity)
				self.assertEqual((quotation.quotation_to, quotation.party_name), (party_type, party.name))
				self.assertEqual((quotation.net_total, opportunity.reload().status), (70, "Quotation"))

	def test_several_of_one_opportunity(self):
		opportunity = make_party_opportunity()
		names = {make_quotation(opportunity).name for _ in range(3)}
		self.assertEqual(len(names), 3)

	def test_the_rate_is_that_of_the_quotation_s_day(self):
		make_exchange_rate("EUR", "USD", 1.5, in_days(-9))
		make_exchange_rate("EUR", "USD", 2, in_days(-1))
		opportunity = make_party_opportunity(currency="EUR", transaction_date=in_days(-9))
		self.assertEqual(map_quotation(opportunity.name).base_net_total, 400)
		early = make_quotation(opportunity, transaction_date=in_days(-5))
		self.assertEqual((early.conversion_rate, early.base_net_total), (1.5, 300))


class TestAddress(TestCase):
	def test_the_preferred_one_before_one_for_bills_before_the_oldest(self):
		customer = make_customer()
		expected = []
		for fields in ({}, {"address_type": "Billing"}, {"is_primary_address": 1}):
			expected.append(make_address(customer, **fields).name)
			self.assertEqual(make_quotation(party_name=customer.name).customer_address, expected[-1])
		frappe.db.set_value("Address", expected[-1], "disabled", 1)
		self.assertEqual(make_quotation(party_name=customer.name).customer_address, expected[1])

	def test_the_one_that_a_customer_has_chosen(self):
		customer = make_customer()
		chosen = make_address(customer).name
		make_address(customer, is_primary_address=1)
		frappe.db.set_value("Customer", customer.name, "customer_primary_address", chosen)
		self.assertEqual(make_quotation(party_name=customer.name).customer_address, chosen)

	def test_mapped_with_its_text_once_saved(self):
		lead = make_lead()
		address = make_address(lead)
		opportunity = make_opportunity(opportunity_from="Lead", party_name=lead.name)
		quotation = map_quotation(opportunity.name)
		self.assertEqual(quotation.customer_address, address.name)
		self.assertIn("1 Mill Lane", quotation.insert().address_display)

	def test_it_goes_along_with_the_party(self):
		first, second = make_customer(), make_customer()
		addresses = [make_address(each).name for each in (first, second)]
		quotation = make_quotation(party_name=first.name, submit=False)
		self.assertEqual(quotation.customer_address, addresses[0])
		quotation.party_name = second.name
		self.assertEqual(quotation.save().customer_address, addresses[1])
		quotation.party_name = make_customer().name
		self.assertFalse(quotation.save().customer_address)

	def test_emptied_it_stays_empty(self):
		customer = make_customer()
		make_address(customer)
		quotation = make_quotation(party_name=customer.name, submit=False)
		quotation.customer_address = None
		self.assertFalse(quotation.save().customer_address)


class TestDefaults(TestCase):
	def settings(self, **values):
		frappe.get_doc("Selling Settings").update(values).save()

	def test_without_days_it_has_no_end(self):
		self.settings(quotation_validity_days=0)
		self.assertIsNone(make_quotation(submit=False).valid_till)

	def test_the_days_count_from_its_date(self):
		self.settings(quotation_validity_days=30)
		for quotation in (
			make_quotation(submit=False),
			make_quotation(make_party_opportunity(), submit=False),
		):
			self.assertEqual(getdate(quotation.valid_till), getdate(in_days(30)))
		dated = make_quotation(submit=False, transaction_date=in_days(-3))
		self.assertEqual(getdate(dated.valid_till), getdate(add_days(in_days(-3), 30)))

	def test_what_is_said_stays(self):
		self.settings(quotation_validity_days=30)
		quotation = make_quotation(submit=False, valid_till=in_days(2))
		self.assertEqual(getdate(quotation.valid_till), getdate(in_days(2)))
		quotation.valid_till = None
		self.assertIsNone(quotation.save().valid_till)

	def test_days_are_no_less_than_none(self):
		with self.assertRefused(frappe.NonNegativeError):
			self.settings(quotation_validity_days=-1)

	def test_terms(self):
		self.settings(default_quotation_terms="<p>Net 30 days.</p>")
		self.assertIn("Net 30 days", make_quotation(submit=False).terms)
		self.assertIn("Net 30 days", map_quotation(make_party_opportunity().name).terms)
		self.assertIn("In advance", make_quotation(submit=False, terms="In advance").terms)

	def test_a_revision_and_an_amendment_of_one_without_terms_have_none(self):
		self.settings(default_quotation_terms="<p>Net 30 days.</p>")
		quotation = make_quotation(submit=False)
		quotation.update({"terms": None}).save().submit()
		self.assertFalse(make_revision(quotation.name).insert().terms)
		quotation.reload().cancel()
		amendment = frappe.copy_doc(quotation)
		amendment.update({"amended_from": quotation.name, "docstatus": 0})
		self.assertFalse(amendment.insert().terms)


class TestQuantities(TestCase):
	def test_of_nothing_or_less_is_refused(self):
		for qty in (0, -1):
			rows = [{"item_name": "A", "qty": 1, "rate": 5}, {"item_name": "B", "qty": qty, "rate": 5}]
			with self.subTest(qty), self.assertRefused(exceptions.QuantityImpossible, "Row 2"):
				make_quotation(items=rows, submit=False)

	def test_a_part_of_one_is_fine(self):
		self.assertEqual(make_quotation(items=[{"item_name": "A", "qty": 0.5, "rate": 5}]).net_total, 2.5)
