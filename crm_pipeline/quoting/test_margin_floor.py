"""Who submits below the floor, what is kept of it, and what is warned of before."""

import frappe
from frappe.utils import today

from crm_pipeline.api.quotations import quotation_warnings
from crm_pipeline.exceptions import MarginBelowFloor, MarginImpossible
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.costing import costed_quotation, make_offer, offered
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_party_opportunity,
	make_quotation,
	make_user,
)

NO_WARNINGS = {"margin_floor": 0, "supplier_rate_max_age_days": 0, "exchange_rate_tolerance": 0}


def set_up(**settings):
	for field, value in {**NO_WARNINGS, **settings}.items():
		frappe.db.set_single_value("Selling Settings", field, value)
	frappe.clear_document_cache("Selling Settings", "Selling Settings")


class FloorCase(TestCase):
	def setUp(self):
		super().setUp()
		set_up(margin_floor=20)
		self.seller, self.manager = make_user("Sales User"), make_user("Sales Manager", "Sales User")

	def use(self, user: str):
		frappe.set_user(user)
		frappe.clear_messages()

	def fetch(self, quotation):
		return frappe.get_doc("Quotation", quotation.name)


class TestFloor(FloorCase):
	def test_at_the_floor_everybody_submits(self):
		quotation = costed_quotation(percentage=20)
		self.use(self.seller)
		self.assertEqual(self.fetch(quotation).submit().status, "Open")

	def test_below_it_only_a_manager_does_and_that_is_kept(self):
		quotation = costed_quotation(cost=80.03, percentage=19.9)
		self.use(self.seller)
		with self.assertRefused(MarginBelowFloor, "Ask a Sales Manager"):
			self.fetch(quotation).submit()
		self.assertEqual(frappe.db.get_value("Quotation", quotation.name, "docstatus"), 0)
		self.use(self.manager)
		submitted = self.fetch(quotation).submit()
		self.assertEqual((submitted.status, submitted.margin_passed_by), ("Open", self.manager))
		self.assertEqual(submitted.passed_margin, quotation.margin_percentage)
		self.assertTrue(submitted.reload().margin_passed_on)
		self.assertEqual(len(self.mentions(quotation)), 1)

	def mentions(self, quotation) -> list:
		filters = {"reference_doctype": "Quotation", "reference_name": quotation.name, "comment_type": "Info"}
		return frappe.get_all("Comment", filters, ["content", "comment_email"])

	def test_no_figure_is_told_to_who_may_not_read_it(self):
		quotation = costed_quotation(cost=87.65, percentage=10)
		for user, told in ((self.seller, False), (make_user("Sales User", "Purchase User"), True)):
			self.use(user)
			with self.assertRefused(MarginBelowFloor) as refused:
				self.fetch(quotation).submit()
			self.assertEqual("10" in str(refused.exception), told)
			self.assertNotIn("87", str(refused.exception))

	def test_a_manager_passes_it_for_others_to_submit(self):
		quotation = costed_quotation(percentage=10)
		self.use(self.seller)
		with self.assertRefused(MarginBelowFloor):
			self.fetch(quotation).pass_margin()
		self.use(self.manager)
		self.fetch(quotation).pass_margin()
		self.fetch(quotation).pass_margin()
		self.use(self.seller)
		self.assertEqual(self.fetch(quotation).submit().status, "Open")
		self.use("Administrator")
		self.assertEqual([row.comment_email for row in self.mentions(quotation)], [self.manager])
		self.assertEqual(self.fetch(quotation).margin_passed_by, self.manager)

	def test_the_form_offers_it_to_a_manager(self):
		below, above = costed_quotation(percentage=10), costed_quotation(percentage=20)
		for user, offered_to in ((self.seller, False), (self.manager, True)):
			self.use(user)
			offered = {}
			for quotation in (below, above):
				doc = self.fetch(quotation)
				doc.run_method("onload")
				offered[quotation.name] = bool(doc.get_onload("needs_margin_pass"))
			self.assertEqual(offered, {below.name: offered_to, above.name: False})

	def test_a_lower_margin_is_not_passed_with_it(self):
		quotation = costed_quotation(percentage=10)
		self.use(self.manager)
		self.fetch(quotation).pass_margin()
		self.use(self.seller)
		lower = self.fetch(quotation)
		lower.items[0].rate = lower.items[0].rate - 1
		lower.save()
		with self.assertRefused(MarginBelowFloor):
			self.fetch(quotation).submit()
		raised = self.fetch(quotation)
		raised.items[0].rate += 5
		raised.save().submit()
		self.assertEqual(raised.status, "Open")

	def test_nobody_writes_themselves_a_pass(self):
		quotation = costed_quotation(percentage=10)
		self.use(self.seller)
		mine = self.fetch(quotation)
		mine.update({"margin_passed_by": self.manager, "margin_passed_on": today(), "passed_margin": -100})
		mine.save()
		with self.assertRefused(MarginBelowFloor):
			self.fetch(quotation).submit()
		new = frappe.copy_doc(self.fetch(quotation))
		new.update(
			{"margin_passed_by": self.manager, "items": [{"item_name": "Advice", "qty": 1, "rate": 1}]}
		)
		self.assertIsNone(new.insert().margin_passed_by)

	def test_an_amendment_is_passed_anew(self):
		quotation = costed_quotation(percentage=10)
		quotation.submit().cancel()
		amended = frappe.copy_doc(quotation)
		amended.amended_from = quotation.name
		amended.docstatus = 0
		amended.insert()
		self.assertIsNone(amended.margin_passed_by)
		self.assertEqual(amended.base_cost, quotation.base_cost)
		self.use(self.seller)
		with self.assertRefused(MarginBelowFloor):
			self.fetch(amended).submit()

	def test_the_offer_cannot_be_shaken_off(self):
		offer = ("supplier_quotation", "supplier_quotation_item")
		cleared = dict.fromkeys(offer)

		def empty(mine):
			mine.items[0].update(cleared)

		def retype(mine):
			row = mine.items[0]
			mine.set("items", [{"item_code": row.item_code, "qty": 2, "rate": row.rate}])

		def by_another_row(mine):
			former = mine.items[0]
			mine.items = [row for row in mine.items if row.item_name == "Advice"]
			mine.items[0].update({"item_code": former.item_code, "item_name": former.item_name})

		for shake in (empty, retype, by_another_row):
			with self.subTest(shake.__name__):
				self.use("Administrator")
				quotation = costed_quotation(percentage=10)
				quotation.append("items", {"item_name": "Advice", "qty": 1, "rate": 1})
				quotation.save()
				self.use(self.seller)
				mine = self.fetch(quotation)
				shake(mine)
				mine.save()
				self.assertEqual(mine.items[0].get(offer[1]), quotation.items[0].get(offer[1]))
				with self.assertRefused(MarginBelowFloor):
					self.fetch(quotation).submit()

	def test_in_another_unit_the_cost_is_unknown(self):
		quotation = costed_quotation(percentage=30)
		offer = quotation.items[0].supplier_quotation_item
		frappe.db.set_value("Supplier Quotation Item", offer, "uom", "Nos")
		self.use(self.seller)
		mine = self.fetch(quotation)
		mine.items[0].uom = "Box"
		mine.save()
		with self.assertRefused(MarginBelowFloor, "another unit"):
			self.fetch(quotation).submit()
		mine.items[0].uom = "Nos"
		self.assertEqual(mine.save().submit().status, "Open")

	def test_nor_in_an_amendment(self):
		quotation = costed_quotation(percentage=10)
		quotation.submit().cancel()
		self.use(self.seller)
		amended = frappe.copy_doc(self.fetch(quotation))
		amended.update({"amended_from": quotation.name, "docstatus": 0})
		amended.items[0].update({"supplier_quotation": None, "supplier_quotation_item": None})
		amended.insert()
		with self.assertRefused(MarginBelowFloor):
			amended.submit()

	def test_other_items_and_buyers_are_free(self):
		quotation = costed_quotation(percentage=10)
		self.use(self.seller)
		mine = self.fetch(quotation)
		mine.append("items", {"item_name": "Advice", "qty": 1, "rate": 1})
		self.assertFalse(mine.save().items[1].supplier_quotation)
		self.use(make_user("Sales User", "Purchase User"))
		theirs = self.fetch(quotation)
		theirs.items[0].update({"supplier_quotation": None, "supplier_quotation_item": None})
		self.assertFalse(theirs.save().items[0].supplier_quotation)

	def test_without_a_floor_or_without_costs_all_pass(self):
		set_up()
		loss = costed_quotation(percentage=0)
		self.use(self.seller)
		self.assertEqual(self.fetch(loss).submit().status, "Open")
		self.use("Administrator")
		set_up(margin_floor=99)
		plain = make_quotation(submit=False)
		self.use(self.seller)
		self.assertEqual(self.fetch(plain).submit().status, "Open")

	def test_a_floor_that_nothing_reaches(self):
		for floor in (100, 150):
			settings = frappe.get_doc("Selling Settings")
			settings.margin_floor = floor
			with self.subTest(floor=floor), self.assertRefused(MarginImpossible):
				settings.save()


class TestWarnings(FloorCase):
	def setUp(self):
		super().setUp()
		set_up()

	def kinds(self, quotation) -> list[str]:
		return [warning["kind"] for warning in quotation_warnings(quotation.name)["warnings"]]

	def test_an_offer_that_ends_before_ours(self):
		for theirs, ours, warned in (
			(5, 6, True),
			(6, 6, False),
			(None, 6, False),
			(5, None, True),
			(None, None, False),
		):
			with self.subTest(theirs=theirs, ours=ours):
				quotation = costed_quotation(valid_till=in_days(theirs) if theirs else None)
				quotation.valid_till = in_days(ours) if ours else None
				quotation.save()
				self.assertEqual(self.kinds(quotation), ["offer_ends"] if warned else [])

	def test_rates_older_than_the_days_allowed(self):
		set_up(supplier_rate_max_age_days=30)
		for days, warned in ((30, False), (31, True)):
			with self.subTest(days=days):
				quotation = costed_quotation(transaction_date=in_days(-days))
				self.assertEqual(self.kinds(quotation), ["old_rates"] if warned else [])

	def test_an_exchange_rate_that_has_moved(self):
		make_exchange_rate("EUR", "USD", 1.00, in_days(-3))
		opportunity = make_party_opportunity()
		offer = make_offer(opportunity, 80, currency="EUR", transaction_date=in_days(-2))
		quotation = offered(opportunity, [(opportunity.items[0], offer, 2)], {"percentage": 20}).insert()
		make_exchange_rate("EUR", "USD", 1.05, in_days(-1))
		for tolerance, warned in ((5, False), (4.99, True), (0, False)):
			with self.subTest(tolerance=tolerance):
				set_up(exchange_rate_tolerance=tolerance)
				self.assertEqual(self.kinds(quotation), ["exchange_rate"] if warned else [])
		frappe.db.delete("Currency Exchange", {"from_currency": "EUR", "to_currency": "USD"})
		set_up(exchange_rate_tolerance=1)
		self.assertEqual(self.kinds(quotation), [])

	def test_what_became_of_the_supplier_and_the_offer(self):
		quotation = costed_quotation()
		self.assertEqual(self.kinds(quotation), [])
		offer = frappe.get_doc("Supplier Quotation", quotation.items[0].supplier_quotation)
		frappe.db.set_value("Supplier", offer.supplier, "disabled", 1)
		self.assertEqual(self.kinds(quotation), ["supplier"])
		frappe.db.set_value("Supplier Quotation", offer.name, "docstatus", 2)
		self.assertEqual(self.kinds(quotation), ["supplier", "cancelled"])
		frappe.db.set_value("Supplier Quotation", offer.name, "docstatus", 0)
		self.assertEqual(self.kinds(quotation), ["supplier", "draft"])

	def test_a_quotation_without_suppliers_has_none(self):
		set_up(margin_floor=50, supplier_rate_max_age_days=1, exchange_rate_tolerance=1)
		self.assertEqual(self.kinds(make_quotation(submit=False)), [])

	def test_submitting_tells_them_unless_the_form_has(self):
		for seen in (0, 1):
			quotation = costed_quotation(valid_till=in_days(1))
			frappe.clear_messages()
			quotation.set("__warnings_seen", seen)
			quotation.submit()
			told = [message for message in frappe.get_message_log() if "offer ends" in str(message)]
			self.assertEqual(len(told), 1 - seen)

	def test_who_may_not_read_costs_hears_of_rows_alone(self):
		set_up(margin_floor=50)
		quotation = costed_quotation(cost=87.65, percentage=10, valid_till=in_days(1))
		offer = quotation.items[0].supplier_quotation
		supplier = frappe.db.get_value("Supplier Quotation", offer, "supplier_name")
		for user, reads in ((self.seller, False), (self.manager, True)):
			self.use(user)
			answer = quotation_warnings(quotation.name)
			text = frappe.as_json(answer["warnings"])
			kinds = (
				["margin", "offer_ends"] if reads else ["offer_ends"]
			)  # else asking rate by rate tells the cost
			self.assertEqual([each["kind"] for each in answer["warnings"]], kinds)
			self.assertEqual(answer["may_pass"], reads)
			self.assertIn("Row 1", text)
			for figure in (offer, supplier, "50", "10"):
				self.assertEqual(figure in text, reads, figure)

	def test_of_hidden_quotations_nothing_is_told(self):
		quotation = costed_quotation(percentage=1)
		self.use(make_user())
		with self.assertRefused(frappe.PermissionError):
			quotation_warnings(quotation.name)

	def test_days_of_the_default_settings(self):
		meta = frappe.get_meta("Selling Settings")
		defaults = {field: meta.get_field(field).default for field in NO_WARNINGS}
		self.assertEqual(
			defaults,
			{"margin_floor": "0", "supplier_rate_max_age_days": "30", "exchange_rate_tolerance": "5"},
		)
