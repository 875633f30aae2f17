"""Names that a series would give are not for clients to take."""

import re

import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make, make_lead, make_opportunity, unique
from crm_pipeline.tests.rest import RestTestCase
from crm_pipeline.utils.sent_names import pattern_of, series_of


def doctypes_by_series() -> list[str]:
	"""Those that somebody may create and that a series names."""
	names = frappe.get_all("DocType", {"module": "CRM Pipeline", "istable": 0}, pluck="name")
	metas = [frappe.get_meta(name) for name in names]
	return [meta.name for meta in metas if series_of(meta) and any(each.create for each in meta.permissions)]


class TestSeries(TestCase):
	def test_which_doctypes_have_one(self):
		self.assertEqual(
			set(doctypes_by_series()),
			{"Lead", "Opportunity", "Quotation", "Supplier Quotation"},
		)

	def test_the_form_of_its_names(self):
		for series, name, fits in (
			("CRM-OPP-.YYYY.-", "CRM-OPP-2026-00001", True),
			("CRM-OPP-.YYYY.-", "CRM-OPP-2026-00001-2", True),
			("CRM-OPP-.YYYY.-", "CRM-OPP-2026-1234567", True),
			("CRM-OPP-.YYYY.-", "CRM-OPP-ACME", False),
			("CRM-OPP-.YYYY.-", "XCRM-OPP-2026-00001", False),
			("ACB-.YYYY.-.#####", "ACB-2026-00007", True),
			("Q.{party_name}.-.YY.###", "QAcme-26001", True),
			("Q.title.-.###", "QChairs-1", True),
			("Q.nothing.-.###", "QChairs-1", False),
		):
			with self.subTest(series=series, name=name):
				meta = frappe.get_meta("Opportunity")
				self.assertEqual(bool(re.fullmatch(pattern_of(series, meta), name)), fits)

	def test_a_format_with_a_number_is_a_series_too(self):
		for autoname, series in (
			("format:OPP-{YYYY}-{#####}", ["OPP-.YYYY.-.#####."]),
			("format:{title} of {campaign}", []),
			("field:title", []),
			("hash", []),
		):
			self.assertEqual(series_of(frappe._dict(autoname=autoname)), series)
		self.assertTrue(re.fullmatch(pattern_of("OPP-.YYYY.-.#####."), "OPP-2026-7"))

	def test_a_new_document_takes_no_name_of_the_series(self):
		for doctype in doctypes_by_series():
			meta = frappe.get_meta(doctype)
			name = series_of(meta)[0].split(".")[0] + "2099-00042"
			doc = frappe.get_doc({"doctype": doctype, "name": name})
			doc.flags.name_set = True
			with self.subTest(doctype=doctype), self.assertRefused(exceptions.SeriesNameTaken, name):
				doc.insert()

	def test_nor_of_a_rule_that_the_site_has(self):
		rule = make("Document Naming Rule", document_type="Lead", prefix="HOT-.YYYY.-", prefix_digits=4)
		self.addCleanup(frappe.clear_cache)  # where Frappe keeps the rules beside the database
		self.assertEqual(make_lead().name, f"HOT-{in_days(0)[:4]}-0001")
		for name, taken in (
			("HOT-2099-0042", True),
			("hot-2099-42", True),
			("CRM-LEAD-2099-00042", True),
			("HOT-2099", False),
			("COLD-2099-0042", False),
		):
			with self.subTest(name=name):
				if taken:
					with self.assertRefused(exceptions.SeriesNameTaken, name):
						self.given(name)
				else:
					self.assertEqual(self.given(name).name, name)
		lead = make_lead()
		with self.assertRefused(exceptions.SeriesNameTaken):
			frappe.rename_doc("Lead", lead.name, "HOT-2099-0042", force=True)
		rule.reload().update({"disabled": 1}).save()
		self.assertEqual(self.given("HOT-2099-0042").name, "HOT-2099-0042")

	def given(self, name: str):
		"""A lead with a name that a client sent."""
		lead = frappe.get_doc({"doctype": "Lead", "first_name": "Ada", "name": name})
		lead.flags.name_set = True
		return lead.insert()

	def test_nor_does_an_import(self):
		frappe.flags.in_import = True
		self.addCleanup(frappe.flags.pop, "in_import", None)
		with self.assertRefused(exceptions.SeriesNameTaken):
			make_opportunity(name="CRM-OPP-2099-00042")
		self.assertEqual(
			make_opportunity(name="Old system 7", transaction_date=in_days(0)).name, "Old system 7"
		)

	def test_nor_a_series_of_its_own(self):
		with self.assertRefused(exceptions.NamingSeriesUnknown, "CRM-OPP-.YYYY.-"):
			make_opportunity(naming_series="CRM-OPP-2099-000.##")

	def test_renaming_takes_none(self):
		lead = make_lead()
		with self.assertRefused(exceptions.SeriesNameTaken):
			frappe.rename_doc("Lead", lead.name, "CRM-LEAD-2099-00042", force=True)
		free = unique("Lead")
		self.assertEqual(frappe.rename_doc("Lead", lead.name, free, force=True), free)


class TestGivenNames(RestTestCase):
	def test_the_next_number_stays_free(self):
		last = self.create("Opportunity", title=unique("Last"))["name"]
		prefix, number = last.rsplit("-", 1)
		following = f"{prefix}-{int(number) + 1:0{len(number)}d}"
		answer = self.api.post("/api/resource/Opportunity", name=following, title="Taken")
		if answer.status_code == 200:  # a released Frappe 16 names it itself
			self.made.append(("Opportunity", answer.json["data"]["name"]))
		else:
			self.assertAnswer(answer, 417, "SeriesNameTaken")
			self.assertFalse(frappe.db.exists("Opportunity", following))
		self.create("Opportunity", title=unique("Next"))
