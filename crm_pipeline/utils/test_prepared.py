"""Statements that are put together once say what the query builder would say, whatever the values."""

from datetime import date, datetime

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_lead
from crm_pipeline.utils.bulk_sql import new_row
from crm_pipeline.utils.prepared import FEW_ROWS, Prepared, insert_rows, look_up

AWKWARD = "100 % of O'Brien's \\ \"Häuser\" %s %(name)s {0} ; --"
DOCTYPE = "Pipeline Change"
# Some of what a change says, other than what tells one from another.
STATES = (
	{"old_value": AWKWARD, "new_value": "", "at": datetime(2026, 3, 1), "probability": 0.1 + 0.2},
	{"old_value": None, "new_value": "1", "at": datetime(2026, 3, 1, 9, 5, 7, 120), "probability": 100},
	{"old_value": "x", "new_value": AWKWARD, "at": datetime(2026, 3, 1, 23, 59), "probability": 1e-7},
)
CLOSINGS = (date(2026, 2, 28), None, date(2028, 2, 29))


class TestPrepared(TestCase):
	def test_values_come_through_as_they_are(self):
		lead = make_lead(first_name="Ada", company_name=AWKWARD)
		self.assertEqual(look_up("Lead", lead.name, ["company_name"]), {"company_name": AWKWARD})
		self.assertEqual(
			look_up("Lead", lead.name, ["name", "docstatus"]), {"name": lead.name, "docstatus": 0}
		)

	def test_what_is_not_there(self):
		for name in ("Nobody", AWKWARD, "' or 1 = 1 -- ", ""):
			with self.subTest(name):
				self.assertIsNone(look_up("Lead", name, ["name"]))

	def test_lists_of_any_length(self):
		leads = [make_lead().name for _each in range(3)]
		for names in (leads[:1], leads, [*leads, AWKWARD]):
			with self.subTest(len(names)):
				found = {row.name for row in _named({"names": names}, as_dict=True)}
				self.assertEqual(found, set(names) & set(leads))

	def test_it_is_put_together_once_where_its_text_may_be_kept(self):
		built = []

		@Prepared
		def asking(values):
			built.append(values)
			table = frappe.qb.DocType("Lead")
			return frappe.qb.from_(table).select(table.name).where(table.name == values["name"])

		lead, other = make_lead().name, make_lead().name
		self.assertEqual([asking({"name": name})[0][0] for name in (lead, other)], [lead, other])
		self.assertEqual(len(built), 1 if frappe.db.db_type == "mariadb" else 2)

	def test_rows_are_stored_as_frappe_stores_them(self):
		for count in (1, len(STATES), FEW_ROWS + 1):
			with self.subTest(count):
				ours, theirs = _rows("ours", count), _rows("theirs", count)
				insert_rows(DOCTYPE, list(ours[0]), [tuple(row.values()) for row in ours])
				frappe.db.bulk_insert(DOCTYPE, list(theirs[0]), [tuple(row.values()) for row in theirs])
				self.assertEqual(_stored("ours", count), _stored("theirs", count))
				self.assertEqual(len(_stored("ours", count)), count)


@Prepared
def _named(values):
	table = frappe.qb.DocType("Lead")
	return frappe.qb.from_(table).select(table.name).where(table.name.isin(values["names"]))


def _rows(opportunity: str, count: int) -> list[dict]:
	"""Return changes of an opportunity that is none."""
	return [
		{
			**new_row(),
			"idx": number,
			"opportunity": f"{opportunity}-{count}",
			**STATES[number % len(STATES)],
			"expected_closing": CLOSINGS[number % len(CLOSINGS)],
		}
		for number in range(count)
	]


def _stored(opportunity: str, count: int) -> list[dict]:
	return frappe.get_all(
		DOCTYPE,
		{"opportunity": f"{opportunity}-{count}"},
		["idx", "owner", *STATES[0], "expected_closing"],
		order_by="idx",
	)
