"""Names that a series would give are not for clients to take."""

import re

import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_lead, make_opportunity, unique
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
		):
			with self.subTest(series=series, name=name):
				self.assertEqual(bool(re.fullmatch(pattern_of(series), name)), fits)

	def test_a_new_document_takes_no_name_of_the_series(self):
		for doctype in doctypes_by_series():
			meta = frappe.get_meta(doctype)
			name = series_of(meta)[0].split(".")[0] + "2099-00042"
			doc = frappe.get_doc({"doctype": doctype, "name": name})
			doc.flags.name_set = True
			with self.subTest(doctype=doctype), self.assertRefused(exceptions.SeriesNameTaken, name):
				doc.insert()

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
