"""Suppliers' offers side by side, what is chosen among them, and the quotation made of the choice."""

import frappe

from crm_pipeline.api.supplier_rates import (
	compare_supplier_rates,
	make_quotation_from_supplier_rates,
	price_supplier_rates,
)
from crm_pipeline.crm_pipeline.doctype.supplier_quotation.supplier_quotation import make_quotation
from crm_pipeline.exceptions import (
	ImpossibleNumber,
	MarginImpossible,
	MasterDisabled,
	PartyMissing,
	PicksUnfit,
	SupplierRateMissing,
)
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.costing import make_offer, offered, pick
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_opportunity,
	make_party_opportunity,
	make_supplier,
)
from crm_pipeline.tests.limited import Limited, as_


def two_items(**fields):
	items = [{"item_name": "Pump", "qty": 10, "rate": 1}, {"item_name": "Valve", "qty": 3, "rate": 1}]
	return make_party_opportunity(items=items, **fields)


class TestComparison(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = two_items()
		self.pump, self.valve = self.opportunity.items

	def compare(self) -> dict:
		return compare_supplier_rates(self.opportunity.name)

	def cells(self, item) -> dict:
		found = next(each for each in self.compare()["items"] if each["opportunity_item"] == item.name)
		return {cell["supplier_quotation"]: cell for cell in found["offers"]} | {
			"cheapest": found["cheapest"]
		}

	def test_in_base_currency_with_the_cheapest_marked(self):
		make_exchange_rate("EUR", "USD", 1.25, in_days(-1))
		dollars = make_offer(self.opportunity, 100)
		euros = make_offer(self.opportunity, {self.pump.name: 79, self.valve.name: 81}, currency="EUR")
		pump, valve = self.cells(self.pump), self.cells(self.valve)
		self.assertEqual((pump[dollars.name]["base_rate"], pump[euros.name]["base_rate"]), (100, 98.75))
		self.assertEqual((pump[euros.name]["rate"], pump[euros.name]["currency"]), (79, "EUR"))
		self.assertEqual(pump["cheapest"], euros.items[0].name)
		self.assertEqual(valve["cheapest"], dollars.items[1].name)

	def test_missing_expired_and_drafts_are_shown_but_not_chosen(self):
		missing = make_offer(self.opportunity, {self.pump.name: 5})
		draft = make_offer(self.opportunity, 1, submit=False)
		days = {"transaction_date": in_days(-9), "valid_till": in_days(-1)}
		expired = make_offer(self.opportunity, 2, **days)
		last_day = make_offer(self.opportunity, 3, valid_till=in_days(0))
		cells = self.cells(self.valve)
		self.assertEqual(cells[missing.name]["base_rate"], 0)
		self.assertEqual((cells[draft.name]["final"], cells[missing.name]["final"]), (False, True))
		self.assertEqual((cells[expired.name]["expired"], cells[last_day.name]["expired"]), (True, False))
		self.assertEqual(cells["cheapest"], last_day.items[1].name)

	def test_cancelled_and_other_opportunities_offers_are_absent(self):
		cancelled = make_offer(self.opportunity, 1)
		cancelled.cancel()
		other = make_offer(two_items(), 1)
		names = [each["supplier_quotation"] for each in self.compare()["suppliers"]]
		self.assertEqual(names, [])
		self.assertNotIn(other.name, names)

	def test_rows_typed_by_hand_are_matched_by_item(self):
		opportunity = make_party_opportunity()
		row = {"item_code": opportunity.items[0].item_code, "qty": 1, "rate": 7}
		typed = frappe.get_doc(
			doctype="Supplier Quotation",
			supplier=make_supplier().name,
			opportunity=opportunity.name,
			items=[row, {"item_name": "Freight", "qty": 1, "rate": 3}],
		).insert()
		offers = compare_supplier_rates(opportunity.name)["items"][0]["offers"]
		self.assertEqual([each["supplier_quotation_item"] for each in offers], [typed.items[0].name])

	def test_lead_time_and_minimum_quantity(self):
		offers = {each: make_offer(self.opportunity, 10) for each in ("slow", "fast", "bulk")}
		for each, days, least in (("slow", 20, 0), ("fast", 3, 10), ("bulk", 1, 10.01)):
			values = {"lead_time_days": days, "minimum_qty": least}
			frappe.db.set_value("Supplier Quotation Item", offers[each].items[0].name, values)
		pump = next(each for each in self.compare()["items"] if each["opportunity_item"] == self.pump.name)
		reached = {each["supplier_quotation"]: each["reaches_minimum"] for each in pump["offers"]}
		self.assertFalse(reached[offers["bulk"].name])
		self.assertTrue(reached[offers["fast"].name])
		self.assertEqual(pump["fastest"], offers["fast"].items[0].name)

	def test_how_requests_stand(self):
		offer = make_offer(self.opportunity, 10)
		frappe.db.set_value("Supplier Quotation", offer.name, {"docstatus": 0, "request_status": "Declined"})
		(supplier,) = self.compare()["suppliers"]
		self.assertEqual((supplier["request_status"], supplier["final"]), ("Declined", False))

	def test_what_was_declined_is_no_price(self):
		offer = make_offer(self.opportunity, 50)
		for docstatus in (0, 1):
			values = {"docstatus": docstatus, "request_status": "Declined"}
			frappe.db.set_value("Supplier Quotation", offer.name, values)
			with self.subTest(docstatus=docstatus):
				cells = self.cells(self.pump)
				self.assertTrue(cells[offer.name]["declined"])
				self.assertIsNone(cells["cheapest"])
				with self.assertRefused(PicksUnfit, "has declined"):
					offered(self.opportunity, [(self.pump, offer, 10)], {"percentage": 20})
				with self.assertRefused(PicksUnfit, "has declined"):
					make_quotation(offer.name)

	def test_another_unit_is_no_price(self):
		frappe.db.set_value("Opportunity Item", self.pump.name, "uom", "Nos")
		offer = make_offer(self.opportunity, 500)
		row = offer.items[0].name
		for unit, other in (("Box", True), ("nos ", False), (None, False), ("Nos", False)):
			frappe.db.set_value("Supplier Quotation Item", row, "uom", unit)
			with self.subTest(unit=unit):
				cells = self.cells(self.pump)
				self.assertEqual(cells[offer.name]["other_unit"], other)
				self.assertEqual(cells["cheapest"], None if other else row)
				if other:
					with self.assertRefused(PicksUnfit, "units in line"):
						offered(self.opportunity, [(self.pump, offer, 10)], {"percentage": 20})
				else:
					offered(self.opportunity, [(self.pump, offer, 10)], {"percentage": 20})

	def test_a_disabled_supplier_is_not_chosen(self):
		offer = make_offer(self.opportunity, 1)
		frappe.db.set_value("Supplier", offer.supplier, "disabled", 1)
		cells = self.cells(self.pump)
		self.assertTrue(cells[offer.name]["disabled"])
		self.assertIsNone(cells["cheapest"])

	def test_who_may_not_read_supplier_quotations_is_refused(self):
		make_offer(self.opportunity, 4711)
		for roles, allowed in ((("Sales User",), False), (("Sales User", "Purchase User"), True)):
			with self.as_user(*roles):
				if allowed:
					self.assertEqual(len(self.compare()["suppliers"]), 1)
				else:
					with self.assertRefused(frappe.PermissionError):
						self.compare()


class TestPicks(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = two_items()
		self.pump, self.valve = self.opportunity.items
		self.one, self.other = make_offer(self.opportunity, 80), make_offer(self.opportunity, 90)

	def test_links_both_ways_and_a_split_row(self):
		chosen = [(self.valve, self.other, 3), (self.pump, self.one, 4), (self.pump, self.other, 6)]
		quotation = offered(self.opportunity, chosen, {"percentage": 20}).insert()
		self.assertEqual(
			[
				(row.opportunity_item, row.supplier_quotation, row.qty, row.rate, row.item_name)
				for row in quotation.items
			],
			[
				(self.pump.name, self.one.name, 4, 100, "Pump"),
				(self.pump.name, self.other.name, 6, 112.5, "Pump"),
				(self.valve.name, self.other.name, 3, 112.5, "Valve"),
			],
		)
		self.assertEqual({row.opportunity for row in quotation.items}, {self.opportunity.name})
		self.assertEqual(
			(quotation.opportunity, quotation.party_name),
			(self.opportunity.name, self.opportunity.party_name),
		)
		self.assertEqual(
			{row.name for row in self.opportunity.reload().items}, {self.pump.name, self.valve.name}
		)
		self.assertEqual(quotation.margin_percentage, 20)
		quotation.submit()
		self.assertEqual(self.opportunity.reload().status, "Quotation")

	def test_items_may_be_left_out(self):
		quotation = offered(self.opportunity, [(self.valve, self.one, 3)], {"percentage": 0})
		self.assertEqual([(row.item_name, row.rate) for row in quotation.items], [("Valve", 80)])

	def test_margins_of_rows_go_before_the_common_one(self):
		picks = [
			pick(self.pump, self.one, 10, margin={"amount": 100}),
			pick(self.valve, self.one, 3),
		]
		for asked, rates in (({"percentage": 50}, [90, 160]), ({"amount": 60}, [90, 100]), (None, [90, 1])):
			with self.subTest(asked=asked):
				quotation = make_quotation_from_supplier_rates(self.opportunity.name, picks, asked)
				self.assertEqual([row.rate for row in quotation.items], rates)

	def test_an_amount_for_all_is_spread_by_cost(self):
		chosen = [(self.pump, self.one, 10), (self.valve, self.other, 3)]  # 800 and 270
		quotation = offered(self.opportunity, chosen, {"amount": 107}).insert()
		self.assertEqual([row.rate for row in quotation.items], [88, 99])
		self.assertEqual(quotation.base_margin, 107)

	def test_the_preview_is_what_the_quotation_says(self):
		frappe.db.set_single_value("Selling Settings", "margin_floor", 20)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		chosen = [(self.pump, self.one, 10), (self.valve, self.other, 3)]
		for percentage, reached in ((20, True), (19.9, False)):
			asked = {"percentage": percentage}
			preview = price_supplier_rates(self.opportunity.name, [pick(*each) for each in chosen], asked)
			quotation = offered(self.opportunity, chosen, asked).insert()
			for field in ("base_cost", "base_margin", "margin_percentage", "total"):
				self.assertEqual(preview[field], quotation.get(field), field)
			self.assertEqual((preview["reaches_floor"], preview["margin_floor"]), (reached, 20))
			self.assertEqual(preview["reaches_floor"], not quotation.is_below_floor())

	def test_quantities_that_do_not_add_up(self):
		for quantities in ((4, 5), (4, 7), (10, 0.001)):
			chosen = list(zip((self.pump, self.pump), (self.one, self.other), quantities, strict=True))
			with self.subTest(quantities=quantities), self.assertRefused(PicksUnfit, "10"):
				offered(self.opportunity, chosen, {"percentage": 20})
		for qty in (0, -10):
			with self.subTest(qty=qty), self.assertRefused(PicksUnfit, "above 0"):
				offered(self.opportunity, [(self.pump, self.one, qty)])
		with self.assertRefused(ImpossibleNumber):
			offered(self.opportunity, [(self.pump, self.one, "ten")])

	def test_offers_for_others(self):
		foreign = make_offer(two_items(), 1)
		alien = {
			"opportunity_item": self.pump.name,
			"supplier_quotation_item": foreign.items[0].name,
			"qty": 10,
		}
		crossed = {**pick(self.pump, self.one, 10), "supplier_quotation_item": self.one.items[1].name}
		unknown = {**pick(self.pump, self.one, 10), "supplier_quotation_item": "none"}
		gone = {**pick(self.pump, self.one, 10), "opportunity_item": "none"}
		odd = {**pick(self.pump, self.one, 10), "supplier_quotation_item": {"name": ["like", "%"]}}
		for each in (alien, crossed, unknown, gone, odd):
			with self.subTest(pick=each), self.assertRefused(PicksUnfit):
				make_quotation_from_supplier_rates(self.opportunity.name, [each], {"percentage": 20})

	def test_nothing_chosen(self):
		for picks in ([], "[]", "nothing", '{"a": 1}', ["text"]):
			with self.subTest(picks=picks), self.assertRefused(PicksUnfit, "at least one"):
				make_quotation_from_supplier_rates(self.opportunity.name, picks, {"percentage": 20})

	def test_items_that_nobody_offers_are_quoted_if_asked_for(self):
		picks = [pick(self.pump, self.one, 10)]
		for with_others, expected in ((False, ["Pump"]), (True, ["Pump", "Valve"])):
			quotation = make_quotation_from_supplier_rates(
				self.opportunity.name, picks, {"percentage": 20}, with_others=with_others
			)
			self.assertEqual([row.item_name for row in quotation.items], expected)
		valve = quotation.insert().items[1]
		self.assertEqual((valve.idx, valve.rate, valve.opportunity_item), (2, 1, self.valve.name))
		self.assertFalse(valve.supplier_quotation)

	def test_changed_meanwhile(self):
		picks = [pick(self.pump, self.one, 10)]
		frappe.db.set_value("Supplier", self.one.supplier, "disabled", 1)
		with self.assertRefused(MasterDisabled):
			make_quotation_from_supplier_rates(self.opportunity.name, picks, {"percentage": 20})
		frappe.db.set_value("Supplier", self.one.supplier, "disabled", 0)
		frappe.rename_doc("Supplier", self.one.supplier, make_supplier().name, merge=True)
		self.assertEqual(len(make_quotation_from_supplier_rates(self.opportunity.name, picks).items), 1)
		self.one.reload().cancel()
		with self.assertRefused(PicksUnfit, "not offered"):
			make_quotation_from_supplier_rates(self.opportunity.name, picks, {"percentage": 20})
		self.opportunity.reload().set("items", [{"item_name": "Another", "qty": 1}])
		self.opportunity.save()
		with self.assertRefused(PicksUnfit, "no such row"):
			make_quotation_from_supplier_rates(self.opportunity.name, picks, {"percentage": 20})

	def test_a_rate_that_is_missing(self):
		asked = make_offer(self.opportunity, {self.valve.name: 5})
		with self.assertRefused(SupplierRateMissing, asked.name):
			offered(self.opportunity, [(self.pump, asked, 10)], {"percentage": 20})

	def test_margins_that_no_price_has(self):
		for asked in ({"percentage": 100}, {"percentage": -5}, {"amount": -1}):
			with self.subTest(asked=asked), self.assertRefused(MarginImpossible):
				offered(self.opportunity, [(self.pump, self.one, 10)], asked)
			own = [pick(self.pump, self.one, 10, margin=asked)]
			with self.subTest(own=asked), self.assertRefused(MarginImpossible):
				make_quotation_from_supplier_rates(self.opportunity.name, own)

	def test_nobody_to_quote_to(self):
		opportunity = make_opportunity(items=[{"item_name": "Pump", "qty": 1}])
		offer = make_offer(opportunity, 5)
		with self.assertRefused(PartyMissing):
			offered(opportunity, [(opportunity.items[0], offer, 1)], {"percentage": 20})


class TestHiddenOffers(Limited):
	def test_offers_out_of_sight_can_be_neither_seen_nor_chosen(self):
		as_("Administrator")
		opportunity = two_items(opportunity_owner=self.ben)
		offer = make_offer(opportunity, 5)
		picks = [pick(opportunity.items[0], offer, 10)]
		frappe.get_doc("User", self.ben).add_roles("Purchase User")
		as_(self.ben)
		self.assertEqual(len(compare_supplier_rates(opportunity.name)["suppliers"]), 1)
		make_quotation_from_supplier_rates(opportunity.name, picks, {"percentage": 20})
		as_("Administrator")
		frappe.db.set_value("Opportunity", opportunity.name, "opportunity_owner", None)
		as_(self.ben)
		for call in (
			lambda: compare_supplier_rates(opportunity.name),
			lambda: price_supplier_rates(opportunity.name, picks),
			lambda: make_quotation_from_supplier_rates(opportunity.name, picks),
		):
			with self.assertRefused(frappe.PermissionError):
				call()
