"""From any opportunity to quotations and suppliers' offers and back: each row keeps to the one it is for, none is doubled or lost."""

from collections.abc import Iterable
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.utils import flt
from hypothesis import given
from hypothesis import strategies as st

from crm_pipeline.api.supplier_rates import make_quotation_from_supplier_rates
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_quotation, make_supplier_quotation
from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.crm_pipeline.doctype.supplier_quotation.supplier_quotation import (
	make_quotation as make_quotation_from_offer,
)
from crm_pipeline.quoting.requests import ask
from crm_pipeline.rules.money import product
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_customer,
	make_exchange_rate,
	make_item,
	make_opportunity,
	make_supplier,
	without_default_taxes,
)
from crm_pipeline.tests.properties import bounded, example

RATES = {"EUR": 1.1, "JPY": 0.0067}  # US dollars
DECIMALS = {"USD": 2, "EUR": 2, "JPY": 0}
GOODS = ("item_code", "item_name", "qty", "uom")


class Offered(NamedTuple):
	"""What a supplier offers: at which rate for which rows, asked for by a request or typed in from the mapper."""

	currency: str
	rates: dict[int, int]
	asked: bool


class Case(NamedTuple):
	"""An opportunity's rows as item, quantity and rate, what is picked of them, and from which supplier how many come."""

	currency: str
	rows: list[tuple[int | None, float, int]]
	picked: set[int]
	offers: list[Offered]
	bought: list[tuple[int, int, float]]  # row, offer, quantity
	with_others: bool


@st.composite
def shares(draw, tenths: int, parts: int) -> list[float]:
	"""Quantities of so many parts, 0 among them, that make a whole."""
	cuts = sorted(draw(st.integers(0, tenths)) for _each in range(parts - 1))
	return [(end - start) / 10 for start, end in zip((0, *cuts), (*cuts, tenths), strict=True)]


@st.composite
def cases(draw) -> Case:
	currencies = st.sampled_from(sorted(DECIMALS))
	tenths = draw(st.lists(st.integers(1, 400), min_size=1, max_size=5))
	rows = [(draw(st.sampled_from((None, 0, 1))), each / 10, draw(st.integers(1, 900))) for each in tenths]
	positions = st.integers(0, len(rows) - 1)
	offers = draw(
		st.lists(
			st.builds(
				Offered,
				currencies,
				st.dictionaries(positions, st.integers(1, 700), min_size=1),
				st.booleans(),
			),
			min_size=1,
			max_size=3,
		)
	)
	bought = []
	for position in {each for offer in offers for each in offer.rates}:
		having = [number for number, offer in enumerate(offers) if position in offer.rates]
		parts = draw(shares(tenths[position], len(having)))
		if not bought or draw(st.booleans()):
			bought += [(position, *each) for each in zip(having, parts, strict=True) if each[1]]
	return Case(
		draw(currencies), rows, draw(st.sets(positions, min_size=1)), offers, bought, draw(st.booleans())
	)


def sent(doc: Document) -> Document:
	"""Insert what a mapper made as a client does, who has it as JSON."""
	made = frappe.get_doc(frappe.parse_json(frappe.as_json(doc))).insert().reload()
	assert [row.idx for row in made.items] == list(range(1, len(made.items) + 1))
	return made


def goods(rows: Iterable[Document]) -> list[tuple]:
	return [tuple(row.get(field) for field in GOODS) for row in rows]


def carried(quotation: Document) -> list[tuple]:
	"""What each row has to keep in every copy: what it is for, where it comes from, and what is asked for it."""
	fields = (
		"opportunity",
		"opportunity_item",
		"supplier_quotation",
		"supplier_quotation_item",
		*GOODS,
		"rate",
		"amount",
	)
	return [tuple(row.get(field) for field in fields) for row in quotation.items]


class TestAnyOpportunity(TestCase):
	def setUp(self):
		super().setUp()
		without_default_taxes()
		for currency, rate in RATES.items():
			make_exchange_rate(currency, "USD", rate)
			make_exchange_rate("USD", currency, round(1 / rate, 6))
		make_exchange_rate("EUR", "JPY", 164)
		self.customer = make_customer().name
		self.items = [make_item().name, make_item().name]

	def begin(self, case: Case) -> list[Document]:
		"""Make the opportunity of a case, and return its rows."""
		rows = [
			{
				"item_code": None if item is None else self.items[item],
				"item_name": "Fitting",
				"qty": qty,
				"rate": rate,
			}
			for item, qty, rate in case.rows
		]
		self.opportunity = make_opportunity(
			opportunity_from="Customer", party_name=self.customer, currency=case.currency, items=rows
		).reload()
		return self.opportunity.items

	def assertIsFor(self, doc: Document, rows: list[Document], places: int):
		"""Expect a row for each of these of the opportunity, with what it is and how many, and a head that adds up."""
		self.assertEqual(doc.opportunity, self.opportunity.name)
		self.assertEqual({row.opportunity for row in doc.items}, {self.opportunity.name})
		self.assertEqual([row.opportunity_item for row in doc.items], [row.name for row in rows])
		self.assertEqual(goods(doc.items), goods(rows))
		self.assertEqual(
			[row.amount for row in doc.items], [product(row.qty, row.rate, places) for row in doc.items]
		)
		self.assertAlmostEqual(doc.total, sum(row.amount for row in doc.items), 6)

	def assertCopiesAgree(self, quotation: Document):
		"""Expect duplicate, revision and amendment of a submitted quotation to have what its rows have."""
		expected = carried(quotation.reload())
		duplicate = frappe.copy_doc(quotation, ignore_no_copy=False)
		self.assertEqual(carried(sent(duplicate.update({"docstatus": 0}))), expected)
		revision = sent(make_revision(quotation.name))
		self.assertEqual((carried(revision), revision.replaces), (expected, quotation.name))
		self.assertEqual(carried(self.amend(quotation)), expected)

	def amend(self, doc: Document) -> Document:
		doc.reload().cancel()
		return sent(frappe.copy_doc(doc).update({"docstatus": 0, "amended_from": doc.name}))

	@bounded(6)
	@given(cases())
	def test_quoted_in_parts_and_as_a_whole(self, case):
		with example():
			rows, places = self.begin(case), DECIMALS[case.currency]
			picked = [row for position, row in enumerate(rows) if position in case.picked]
			others = [row for row in rows if row not in picked]
			for part in (rows, picked, others):
				if part:
					names = {"filtered_children": [row.name for row in part]}
					quotation = sent(
						make_quotation(self.opportunity.name, args=None if part is rows else names)
					)
					self.assertIsFor(quotation, part, places)
					self.assertEqual([row.rate for row in quotation.items], [row.rate for row in part])
					self.assertEqual(quotation.currency, case.currency)
					if part is picked:
						self.assertCopiesAgree(quotation.submit())

	def offer(self, offered: Offered, rows: list[Document]) -> Document:
		"""Submit what a supplier offers for some rows."""
		supplier, wanted = make_supplier().name, [rows[position].name for position in sorted(offered.rates)]
		if offered.asked:
			requested = ask(self.opportunity, [supplier], wanted, None, None, send=False).requested
			offer = frappe.get_doc("Supplier Quotation", requested[supplier])
		else:
			offer = make_supplier_quotation(self.opportunity.name)
			self.assertEqual([row.opportunity_item for row in offer.items], [row.name for row in rows])
			offer.supplier = supplier
			offer.set("items", [row for row in offer.items if row.opportunity_item in wanted])
			for idx, row in enumerate(offer.items, 1):  # as a form does
				row.idx = idx
			offer = sent(offer)
		offer.currency = offered.currency
		for row, position in zip(offer.items, sorted(offered.rates), strict=True):
			row.rate = offered.rates[position]
		offer.set("__amounts_in", offered.currency)
		return offer.save().submit().reload()

	@bounded(6)
	@given(cases())
	def test_offered_by_suppliers_and_quoted_from_their_rates(self, case):
		with example():
			rows = self.begin(case)
			offers = [self.offer(each, rows) for each in case.offers]
			for offer, offered in zip(offers, case.offers, strict=True):
				theirs = [rows[position] for position in sorted(offered.rates)]
				self.assertIsFor(offer, theirs, DECIMALS[offered.currency])
				self.assertEqual(
					[row.rate for row in offer.items], [offered.rates[each] for each in sorted(offered.rates)]
				)
			self.assertWholeOffersAreQuoted(offers, case)
			self.assertPicksAreQuoted(offers, rows, case)
			for offer in offers:
				amended = self.amend(offer)
				self.assertEqual(carried(amended), carried(offer))
				self.assertQuotes(sent(make_quotation_from_offer(amended.name)), [amended])

	def assertWholeOffersAreQuoted(self, offers: list[Document], case: Case):
		"""Each by itself, and all in one quotation, one added after the other."""
		for offer in offers:
			self.assertQuotes(sent(make_quotation_from_offer(offer.name)), [offer])
		target = None
		for offer in offers:
			target = frappe.as_json(make_quotation_from_offer(offer.name, target))
		self.assertQuotes(sent(frappe.get_doc(frappe.parse_json(target))), offers)

	def assertQuotes(self, quotation: Document, offers: list[Document]):
		rows = [row for offer in offers for row in offer.items]
		self.assertEqual([row.supplier_quotation_item for row in quotation.items], [row.name for row in rows])
		self.assertEqual([row.supplier_quotation for row in quotation.items], [row.parent for row in rows])
		self.assertEqual(
			[row.opportunity_item for row in quotation.items], [row.opportunity_item for row in rows]
		)
		self.assertEqual(goods(quotation.items), goods(rows))
		prices = {row.name: row.rate for row in self.opportunity.items}
		self.assertEqual(
			[row.rate for row in quotation.items], [prices[row.opportunity_item] for row in rows]
		)
		self.assertEqual(
			(quotation.opportunity, quotation.party_name), (self.opportunity.name, self.customer)
		)

	def assertPicksAreQuoted(self, offers: list[Document], rows: list[Document], case: Case):
		"""Expect a row for each pick, and perhaps one for each row of which nothing was picked."""
		chosen = [
			(
				rows[position].name,
				next(row.name for row in offers[number].items if row.opportunity_item == rows[position].name),
				qty,
			)
			for position, number, qty in sorted(case.bought)
		]
		fields = ("opportunity_item", "supplier_quotation_item", "qty")
		picks = [dict(zip(fields, each, strict=True)) for each in chosen]
		quotation = sent(
			make_quotation_from_supplier_rates(
				self.opportunity.name, picks, {"percentage": 20}, case.with_others
			)
		)
		from_suppliers = [row for row in quotation.items if row.supplier_quotation_item]
		self.assertEqual([tuple(row.get(field) for field in fields) for row in from_suppliers], chosen)
		parents = {row.name: offer.name for offer in offers for row in offer.items}
		for row in from_suppliers:
			self.assertEqual(row.supplier_quotation, parents[row.supplier_quotation_item])
		quoted = {name for name, _offer, _qty in chosen}
		others = [row for row in rows if case.with_others and row.name not in quoted]
		by_row = {
			row.name: [each for each in quotation.items if each.opportunity_item == row.name] for row in rows
		}
		for row in rows:
			if row.name in quoted or row in others:
				self.assertAlmostEqual(sum(flt(each.qty) for each in by_row[row.name]), row.qty, 6)
				self.assertEqual(
					{(each.item_code, each.item_name) for each in by_row[row.name]},
					{(row.item_code, row.item_name)},
				)
		self.assertEqual(len(quotation.items), len(chosen) + len(others))
		self.assertCopiesAgree(quotation.submit())
