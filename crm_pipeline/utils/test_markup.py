"""What people type is shown as they typed it: names hold no markup, titles and texts are escaped where they are shown."""

import ast
import json
from functools import partial
from pathlib import Path

import frappe
from frappe.model.base_document import get_controller

from crm_pipeline import exceptions
from crm_pipeline.api.activities import timeline_content
from crm_pipeline.install import APP, doctypes_of
from crm_pipeline.mail.senders import written_name
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_competitor,
	make_customer,
	make_item,
	make_lead,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_process,
	make_quotation,
	make_stage,
	make_supplier,
	make_team,
	make_user,
	unique,
)
from crm_pipeline.tests.sources import modules
from crm_pipeline.utils.markup import bold, escaped, link_to
from crm_pipeline.utils.named_document import NamedDocument

# In quotes it is JSON, which Frappe keeps as it is.
PAYLOAD = '"<img src=x onerror=alert(1)>"'
SHOWN = "&quot;&lt;img src=x onerror=alert(1)&gt;&quot;"
MAKERS = {
	"Competitor": (make_competitor, "competitor_name"),
	"Customer": (make_customer, "customer_name"),
	"Item": (make_item, "item_code"),
	"Lead": (make_lead, "company_name"),
	"Lead Source": (partial(make, "Lead Source"), "source_name"),
	"Lost Reason": (make_lost_reason, "lost_reason"),
	"Opportunity Type": (partial(make, "Opportunity Type"), "type_name"),
	"Sales Process": (make_process, "process_name"),
	"Sales Stage": (make_stage, "stage_name"),
	"Sales Taxes and Charges Template": (partial(make, "Sales Taxes and Charges Template"), "title"),
	"Sales Team": (make_team, "team_name"),
	"Supplier": (make_supplier, "supplier_name"),
}


def named_doctypes() -> set[str]:
	"""Our DocTypes whose records people name: by a field, by renaming, or as persons and organizations."""
	metas = [frappe.get_meta(doctype) for doctype in doctypes_of(APP)]
	return {
		meta.name
		for meta in metas
		if meta.allow_rename
		or (meta.autoname or "").startswith("field:")
		or (meta.title_field or "").endswith("_name")
	}


class TestNames(TestCase):
	def test_every_doctype_that_people_name_refuses_markup(self):
		self.assertEqual(named_doctypes(), set(MAKERS))
		for doctype in named_doctypes():
			self.assertTrue(issubclass(get_controller(doctype), NamedDocument), doctype)

	def test_on_insert_and_by_import(self):
		for doctype, (maker, field) in MAKERS.items():
			for name in (PAYLOAD, "<b>Acme</b>", "a > b", "a < b"):
				with self.subTest(doctype=doctype, name=name):
					with self.assertRefused(exceptions.MarkupInName):
						maker(**{field: name})
					frappe.flags.in_import = True
					self.addCleanup(frappe.flags.pop, "in_import", None)
					with self.assertRefused(exceptions.MarkupInName):
						maker(**{field: name})
					frappe.flags.in_import = False

	def test_every_name_of_a_lead_and_an_item(self):
		for field in ("first_name", "last_name", "company_name"):
			with self.subTest(field=field), self.assertRefused(exceptions.MarkupInName):
				make_lead(**{field: PAYLOAD})
		with self.assertRefused(exceptions.MarkupInName, "Item Name"):
			make_item(item_name="<i>")

	def test_by_a_name_of_its_own(self):
		for values in ({"name": "<i>"}, {"__newname": "<i>"}):
			with self.subTest(values=values), self.assertRefused(exceptions.MarkupInName):
				make_competitor(**values)

	def test_on_renaming_and_merging(self):
		for doctype in named_doctypes() - {"Lead"}:
			maker, field = MAKERS[doctype]
			name = maker(**{field: unique("Name")}).name
			for merge in (False, True):
				with self.subTest(doctype=doctype, merge=merge):
					with self.assertRefused(exceptions.MarkupInName):
						frappe.rename_doc(doctype, name, PAYLOAD, merge=merge, force=True)

	def test_on_a_later_change(self):
		for doctype in ("Customer", "Supplier", "Lead"):
			maker, field = MAKERS[doctype]
			doc = maker(**{field: unique("Name")})
			with self.subTest(doctype=doctype), self.assertRefused(exceptions.MarkupInName):
				doc.set(field, "<i>")
				doc.save()

	def test_one_that_is_there_stays_usable(self):
		customer = make_customer()
		frappe.db.set_value("Customer", customer.name, "customer_name", PAYLOAD)
		customer.reload()
		customer.tax_id = "1"
		customer.save()
		opportunity = make_opportunity(opportunity_from="Customer", party_name=customer.name)
		self.assertEqual(customer.reload().customer_name, PAYLOAD)
		self.assertEqual(opportunity.customer_name, PAYLOAD)

	def test_the_refusal_shows_what_it_refuses(self):
		with self.assertRefused(exceptions.MarkupInName, f"<strong>{SHOWN}</strong>"):
			make_customer(customer_name=PAYLOAD)

	def test_a_sender_is_named_without_markup(self):
		for written, kept in (
			("Ada <b>", "Ada"),
			("Ada > Eve <", "Ada  Eve"),
			("<script>", None),
			("Ada", "Ada"),
		):
			with self.subTest(written=written):
				self.assertEqual(written_name(written), kept)


class TestLinks(TestCase):
	def test_a_web_address_is_one(self):
		for doctype in ("Competitor", "Customer", "Lead", "Supplier"):
			for address in ("javascript:alert(1)", " JavaScript://x.example/%0aalert(1)", "data:text/html,x"):
				with self.subTest(doctype=doctype, address=address):
					with self.assertRefused(exceptions.UnsafeLink):
						MAKERS[doctype][0](website=address)
		lead = make_lead(website="https://example.org/a?b=c")
		self.assertEqual(lead.website, "https://example.org/a?b=c")


class TestWhatTheServerBuilds(TestCase):
	def test_the_helpers_escape(self):
		self.assertEqual(escaped(None), "")
		self.assertEqual(escaped(3), "3")
		self.assertEqual(escaped("&lt;`'"), "&amp;lt;`&apos;")
		self.assertEqual(bold(PAYLOAD), f"<strong>{SHOWN}</strong>")
		self.assertTrue(link_to("Customer", PAYLOAD).endswith(f">{SHOWN}</a>"))
		self.assertNotIn("<img", link_to("Customer", PAYLOAD))

	def test_titles_and_texts_stay_as_typed(self):
		for text in ('"R&D"', "R&D &lt;b&gt;", "`${alert(1)}`", "javascript:alert(1)", "a < b"):
			with self.subTest(text=text):
				self.assertEqual(make_opportunity(title=text).title, text)

	def test_what_could_run_goes_from_a_text_in_quotes_too(self):
		row = {"item_name": PAYLOAD, "description": PAYLOAD, "qty": 1, "rate": 1}
		doc = make_opportunity(title=PAYLOAD, customer_need=PAYLOAD, items=[row])
		for text in (doc.title, doc.customer_need, doc.items[0].item_name, doc.items[0].description):
			self.assertNotIn("onerror", text)
			self.assertNotIn("<script", text)

	def test_timeline(self):
		opportunity = make_opportunity(title=PAYLOAD, next_contact_date=in_days(1), to_discuss=PAYLOAD)
		customer = make_customer()
		frappe.db.set_value("Customer", customer.name, "name", PAYLOAD)  # as an older release allowed it
		frappe.get_doc("Customer", PAYLOAD).add_comment("Comment", "Hello")
		quotation = make_quotation(
			make_opportunity(title=PAYLOAD, opportunity_from="Customer", party_name=PAYLOAD),
			title=PAYLOAD,
			submit=False,
		)
		quotation.add_comment("Comment", f"&lt;img src=x onerror=alert(2)&gt; {PAYLOAD}")
		make_mail(opportunity, subject=PAYLOAD, content=PAYLOAD, sender_full_name=PAYLOAD)
		opportunity.reload().complete_follow_up(PAYLOAD, medium="Phone")
		for doc in (opportunity, frappe.get_doc("Opportunity", quotation.opportunity)):
			cards = [row["content"] for row in timeline_content(doc.doctype, doc.name)]
			with self.subTest(name=doc.name):
				self.assertIn("&lt;img", "".join(cards))
				self.assertNotIn("<img", "".join(cards))

	def test_notices_and_tasks(self):
		owner = make_user("Sales User")
		opportunity = make_opportunity()
		frappe.db.set_value("Opportunity", opportunity.name, "title", "R&D < D&R")
		opportunity.reload().opportunity_owner = owner
		opportunity.save()
		opportunity.declare_lost(["Price"])
		make_mail(opportunity, "Received")
		task = frappe.get_last_doc("ToDo", {"reference_name": opportunity.name})
		self.assertIn("R&amp;D &lt; D&amp;R", task.description)
		notices = frappe.get_all("Notification Log", {"for_user": owner, "type": "Alert"}, pluck="subject")
		self.assertIn("<strong>R&amp;D &lt; D&amp;R</strong>", "".join(notices))

	def test_messages_name_records_as_text(self):
		stage = make_stage()
		make_opportunity(sales_process=make_process().name)
		frappe.db.set_value("Sales Stage", stage.name, "name", "<img>")
		opportunity = make_opportunity()
		opportunity.sales_stage = "<img>"
		with self.assertRefused(exceptions.StageNotInProcess, "<strong>&lt;img&gt;</strong>"):
			opportunity.save()
		with self.assertRefused(exceptions.ImpossibleDate, SHOWN[:10]):
			make_opportunity(expected_closing=PAYLOAD)

	def test_only_the_helper_makes_values_bold(self):
		root = Path(frappe.get_app_path(APP))
		found = [
			f"{path.relative_to(root)}:{node.lineno}"
			for path in modules()
			if path.name != "markup.py" and "demo" not in path.parts
			for node in ast.walk(ast.parse(path.read_text()))
			if isinstance(node, ast.Attribute) and node.attr in ("bold", "get_link_to_form")
		]
		self.assertEqual(found, [])

	def test_mails(self):
		texts = json.loads(Path(frappe.get_app_path(APP, "defaults", "9_email_template.json")).read_text())
		row = dict.fromkeys(
			("title", "customer_name", "contact_mobile", "contact_email", "to_discuss"), PAYLOAD
		) | {"at": "1.1.2026 10:00", "url": "https://example.org"}
		context = {"full_name": PAYLOAD, "follow_ups": [row], "count": 1}
		context |= {"overdue": [row], "today": [row], "overdue_count": 1, "today_count": 1}
		for text in texts:
			with self.subTest(template=text["name"]):
				mail = frappe.render_template(text["response_html"], context)
				self.assertIn("&lt;img", mail)
				self.assertNotIn("<img", mail)
