"""Whole quotations in currencies of 0, 2 and 3 decimals, with any discounts and taxes: they add up, stored and stored again."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import frappe
from hypothesis import given
from hypothesis import strategies as st

from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.rules.money import STORED_DECIMALS, exact
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.charging import draft
from crm_pipeline.tests.factories import make_exchange_rate, without_default_taxes
from crm_pipeline.tests.properties import bounded, example, picture

DECIMALS = {"JPY": 0, "EUR": 2, "USD": 2, "KWD": 3}
SUMS = ("total", "discount_amount", "net_total", "total_taxes_and_charges", "grand_total")


class Case(NamedTuple):
	"""A quotation to make: `recorded` is the exchange rate and whether it is recorded from the base currency."""

	currency: str
	base: str
	recorded: tuple[float, bool]
	items: list[dict]
	percentage: float  # of the document's discount
	share: float  # of the sum of the rows, a discount that is typed as an amount
	taxes: list[dict]

	@property
	def places(self) -> int:
		return DECIMALS[self.currency]

	@property
	def rate(self) -> Decimal:
		"""Units of the base currency per unit of the quotation's, with all digits."""
		rate, from_base = self.recorded
		return Decimal(1) if self.currency == self.base else 1 / exact(rate) if from_base else exact(rate)


def numbers(least: float, most: float, places: int):
	return st.decimals(str(least), str(most), places=places).map(float)


@st.composite
def rows(draw, places: int) -> dict:
	"""A row of any quantity, with a list price that may have more decimals than the currency, and one discount or none."""
	price = draw(numbers(1, 50_000, places) | numbers(0, 10, places + 2))
	off = draw(
		st.just({})
		| st.fixed_dictionaries({"discount_percentage": numbers(0, 100, 3)})
		| numbers(0, 1, 2).map(
			lambda share: {"discount_amount": rounded(exact(price) * exact(share), places)}
		)
	)
	if off.get("discount_amount", 0) > price:
		off = {}
	qty = draw(st.integers(1, 500) | numbers(0.001, 20, 3) | st.integers(1, 99).map(lambda parts: parts / 7))
	return {"item_name": "Consulting", "qty": qty, "price_list_rate": price, "rate": None, **off}


def taxes(places: int):
	percentage = st.fixed_dictionaries(
		{
			"charge_type": st.just("On Net Total"),
			"rate": numbers(0, 30, 3),
			"included_in_print_rate": st.integers(0, 1),
		}
	)
	amount = st.fixed_dictionaries(
		{"charge_type": st.just("Actual"), "tax_amount": numbers(0, 5_000, places)}
	)
	return st.lists((percentage | amount).map(lambda row: {**row, "description": "Charge"}), max_size=3)


@st.composite
def cases(draw) -> Case:
	currency = draw(st.sampled_from(sorted(DECIMALS)))
	places = DECIMALS[currency]
	kind = draw(st.sampled_from(("none", "percentage", "amount")))
	return Case(
		currency,
		draw(st.sampled_from(sorted(DECIMALS))),
		(draw(numbers(0.01, 150, 6)), draw(st.booleans())),
		draw(st.lists(rows(places), min_size=1, max_size=5)),
		draw(numbers(0, 100, 3)) if kind == "percentage" else 0,
		draw(numbers(0, 1, 4)) if kind == "amount" else 0,
		draw(taxes(places)),
	)


def rounded(value: Decimal, places: int) -> float:
	return float(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def total_of(rows: list, field: str) -> Decimal:
	return sum((exact(row.get(field)) for row in rows), Decimal())


class TestAnyQuotation(TestCase):
	def setUp(self):
		super().setUp()
		without_default_taxes()

	def make(self, case: Case):
		"""Return the quotation of a case as it is stored; an amount off its rows is typed once these are."""
		frappe.db.set_single_value("Selling Settings", "base_currency", case.base)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		if case.currency != case.base:
			rate, from_base = case.recorded
			pair = (case.base, case.currency) if from_base else (case.currency, case.base)
			make_exchange_rate(*pair, rate)
		quotation = draft(
			*case.items,
			currency=case.currency,
			additional_discount_percentage=case.percentage,
			taxes=[dict(row) for row in case.taxes],
		)
		if case.share:
			quotation.discount_amount = rounded(exact(quotation.total) * exact(case.share), case.places)
			quotation.save()
		return quotation.reload()

	@bounded(20)
	@given(cases())
	def test_it_adds_up_and_converts_row_by_row(self, case):
		with example():
			quotation = self.make(case)
			self.assertRowsArePriced(quotation, case)
			self.assertHeadsAddUp(quotation, case)
			self.assertBaseFollows(quotation, case)

	@bounded(8)
	@given(cases())
	def test_saving_copying_and_submitting_change_nothing(self, case):
		with example():
			quotation = self.make(case)
			stored, offered = picture(quotation), self.offered(quotation)
			quotation.save()
			self.assertEqual(picture(quotation), stored)
			frappe.get_doc(frappe.parse_json(frappe.as_json(quotation.reload()))).save()  # as a form sends it
			self.assertEqual(picture(quotation), stored)
			copied = frappe.copy_doc(quotation.reload(), ignore_no_copy=False).insert()
			self.assertEqual(self.offered(copied), offered)
			quotation.reload().items[0].price_list_rate += 1  # one without any price could not be submitted
			stored = self.offered(quotation.save())
			self.assertEqual(self.offered(quotation.submit()), stored)
			self.assertEqual(self.offered(make_revision(quotation.name).insert()), stored)

	def offered(self, quotation) -> list[dict]:
		"""What is asked for on rows, charges and as a whole, as it is stored."""
		quotation.reload()
		return [
			{
				df.fieldname: part.get(df.fieldname)
				for df in part.meta.fields
				if df.fieldtype in ("Currency", "Percent", "Float")
			}
			for part in (quotation, *quotation.items, *quotation.taxes)
		]

	def assertRowsArePriced(self, quotation, case):
		for row, sent in zip(quotation.items, case.items, strict=True):
			self.assertEqual(row.qty, rounded(exact(sent["qty"]), STORED_DECIMALS))
			self.assertEqual(row.price_list_rate, sent["price_list_rate"])
			self.assertEqual(exact(row.rate), exact(row.price_list_rate) - exact(row.discount_amount))
			self.assertEqual(row.amount, rounded(exact(row.qty) * exact(row.rate), case.places))
			self.assertTrue(0 <= row.net_amount <= row.amount, (row.net_amount, row.amount))

	def assertHeadsAddUp(self, quotation, case):
		for prefix, places in (("", case.places), ("base_", DECIMALS[case.base])):
			for field, rows, part in (
				("total", quotation.items, "amount"),
				("net_total", quotation.items, "net_amount"),
				("total_taxes_and_charges", quotation.taxes, "tax_amount"),
			):
				head = exact(quotation.get(prefix + field))
				self.assertEqual(head, total_of(rows, prefix + part), prefix + field)
			net, charged, grand = (exact(quotation.get(prefix + field)) for field in SUMS[2:])
			self.assertEqual(grand, net + charged)
			self.assertEqual(
				[row.get(f"{prefix}total") for row in quotation.taxes[-1:]], [float(grand)] * bool(case.taxes)
			)
			for value in (quotation.get(prefix + field) for field in SUMS):
				self.assertEqual(value, rounded(exact(value), places))
		included = total_of([row for row in quotation.taxes if row.included_in_print_rate], "tax_amount")
		self.assertEqual(
			exact(quotation.net_total) + included, exact(quotation.total) - exact(quotation.discount_amount)
		)
		self.assertEqual(exact(quotation.total_qty), total_of(quotation.items, "qty"))

	def assertBaseFollows(self, quotation, case):
		places, rate = DECIMALS[case.base], case.rate
		pairs = [
			*((row, ("rate", "amount", "net_amount")) for row in quotation.items),
			*((row, ("tax_amount",)) for row in quotation.taxes),
			(quotation, ("discount_amount",)),
		]
		for part, fields in pairs:
			for field in fields:
				expected = rounded(exact(part.get(field)) * rate, places)
				self.assertEqual(part.get(f"base_{field}"), expected, f"base_{field}")
		half = Decimal("0.5").scaleb(-places)
		for field, parts in zip(
			SUMS,
			(
				len(quotation.items),
				1,
				len(quotation.items),
				len(quotation.taxes),
				len(quotation.items) + len(quotation.taxes),
			),
			strict=True,
		):
			away = abs(exact(quotation.get(f"base_{field}")) - exact(quotation.get(field)) * rate)
			self.assertLessEqual(away, half * parts, field)
