"""Desk in a browser: what people type never runs, and every list shows its rows.

Runs against what a bench serves, at FRAPPE_URL or else the site's own address, and needs what `desk_browser` says.
"""

import re
from pathlib import Path

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.install import APP
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.desk_browser import NO_BROWSER, DeskCase, encoded, payload
from crm_pipeline.tests.factories import (
	make,
	make_contact,
	make_customer,
	make_lead,
	make_mail,
	make_opportunity,
	make_process,
	make_quotation,
	make_stage,
	make_supplier,
	make_team,
)

# Dialogs and questions that scripts of ours open; each is opened below or, of quoting, in `test_browser_quoting.py`.
DIALOGS = {
	"crm_pipeline/doctype/auto_close_batch/auto_close_batch.js": 2,
	"crm_pipeline/doctype/opportunity/opportunity.js": 2,
	"crm_pipeline/doctype/quotation/quotation.js": 1,
	"crm_pipeline/doctype/supplier_quotation/supplier_quotation.js": 1,
	"public/js/assignment.js": 1,
	"public/js/auto_close.js": 1,
	"public/js/board_drops.js": 1,
	"public/js/bulk_actions.js": 2,
	"public/js/bulk_lost.js": 1,
	"public/js/follow_up_dialogs.js": 2,
	"public/js/handover.js": 1,
	"public/js/measured_probabilities.js": 1,
	"public/js/outcome.js": 3,
	"public/js/pick_rows.js": 2,
	"public/js/quotation_warnings.js": 1,
	"public/js/stages.js": 3,
	"public/js/supplier_rates.js": 2,
	"public/js/supplier_requests.js": 3,
}
OPENS = re.compile(r"new frappe\.ui\.Dialog\(|frappe\.(?:prompt|confirm|msgprint)\(")
REPORTS = (
	"Activities and Tasks",
	"Sales Pipeline Analytics",
	"Opportunity Summary by Sales Stage",
	"Lost Opportunity",
	"Minutes to First Response for Opportunity",
	"Owner Performance",
	"Slipping",
	"Probability Check",
	"Stage Conversion and Time in Stage",
	"Rotting Opportunities",
	"Ageing Opportunities",
	"Follow-ups Due",
	"Auto-close Preview",
	"Quotation Margin",
	"Supplier Response",
	"What Moved",
	"Forecast",
)
BOARD = ("List", "Opportunity", "Kanban", "Opportunity Status")


class TestDialogs(TestCase):
	def test_every_dialog_is_known_here(self):
		root = Path(frappe.get_app_path(APP))
		paths = [*root.glob("public/js/*.js"), *root.glob(f"{APP}/**/*.js")]
		found = {str(path.relative_to(root)): len(OPENS.findall(path.read_text())) for path in paths}
		self.assertEqual({path: count for path, count in found.items() if count}, DIALOGS)


@pytest.mark.browser
@pytest.mark.bench_only(NO_BROWSER)
class TestDesk(DeskCase):
	@classmethod
	def make_records(cls):
		cls.customer = cls.keep(make_customer(notes=payload("notes")))
		cls.lead = cls.keep(make_lead(job_title=payload("job"), industry=payload("industry")))
		cls.contact = cls.keep(make_contact(cls.customer))
		cls.stages = [cls.keep(make_stage(kind)) for kind in ("Open", "Open", "Won", "Lost")]
		cls.process = cls.with_requirement()
		for row in cls.process.stages:
			cls.made.append(("Sales Stage", row.sales_stage))
		cls.keep(cls.process)
		cls.overdue = cls.keep(
			cls.opportunity(next_contact_date=add_to_date(now_datetime().replace(microsecond=0), days=-1))
		)
		cls.keep(make_mail(cls.overdue, content=encoded("mail")))
		cls.overdue.add_comment("Comment", encoded("comment"))
		cls.quoted = cls.keep(cls.opportunity())
		cls.quotation = cls.keep(make_quotation(cls.quoted, title=payload("quotation")))
		cls.draft = cls.keep(make_quotation(cls.overdue, submit=False, title=payload("draft")))
		supplier = cls.keep(make_supplier(supplier_details=payload("supplier")))
		items = [{"item_name": payload("item"), "qty": 1, "rate": 5, "opportunity": cls.quoted.name}]
		cls.asked = cls.keep(
			make("Supplier Quotation", supplier=supplier.name, title=payload("asked"), items=items)
		)
		cls.lost = cls.keep(cls.opportunity())
		cls.lost.declare_lost(["Price"], detailed_reason=payload("detailed"))
		cls.batch = cls.closed_batch()
		cls.keep(make_team(cls.user))

	@classmethod
	def with_requirement(cls):
		process = make_process()
		process.append("requirements", {"sales_stage": process.stages[1].sales_stage, "requirement": "Item"})
		return process.save()

	@classmethod
	def opportunity(cls, **fields):
		return make_opportunity(
			**{
				"title": payload("title"),
				"opportunity_from": "Customer",
				"party_name": cls.customer.name,
				"opportunity_owner": cls.user,
				"next_contact_by": cls.user,
				"territory": payload("territory"),
				"campaign": payload("campaign"),
				"to_discuss": encoded("to discuss"),
				"customer_need": payload("need"),
				"items": [{"item_name": payload("row"), "description": encoded("row"), "qty": 1, "rate": 10}],
				**fields,
			}
		)

	@classmethod
	def closed_batch(cls):
		batch = cls.keep(
			make("Auto Close Batch", status="Done", closed=1, after_days=15, started_on=now_datetime())
		)
		row = {"batch": batch.name, "opportunity": cls.lost.name, "result": "Closed", "why": payload("why")}
		cls.keep(make("Auto Closed Opportunity", opportunity_owner=cls.user, **row))
		return batch

	def as_stored_before(self, *docs):
		"""Let records have titles with markup, as they came in before texts in quotes were cleaned."""
		for doc in docs:
			self.addCleanup(self.set_title, doc, doc.title)
			self.set_title(doc, payload("title"))

	def set_title(self, doc, title: str):
		frappe.db.set_value(doc.doctype, doc.name, "title", title, update_modified=False)
		frappe.db.commit()
		frappe.clear_document_cache(doc.doctype, doc.name)
		self.desk.forget(doc.doctype, doc.name)

	def test_lists_show_their_rows(self):
		for doctype in (
			"Opportunity",
			"Quotation",
			"Supplier Quotation",
			"Lead",
			"Customer",
			"Contact",
			"Sales Process",
			"Sales Team",
			"Pipeline Change",
			"Auto Close Batch",
		):
			with self.subTest(doctype):
				self.desk.go("List", doctype, "List")
				rows = self.desk.wait("return $('.frappe-list:visible .list-row').length")
				self.assertEqual(rows, self.desk.run("return cur_list.data.length"))
				self.assertNothingRan(doctype)

	def test_an_amount_is_shown_as_its_currency_has_it(self):
		self.desk.go("List", "Opportunity", "List")
		self.desk.wait("return $('.frappe-list:visible .list-row').length")
		texts = self.desk.run("return $('.frappe-list:visible .list-row').get().map((row) => row.innerText)")
		self.assertTrue(any("10.00" in text for text in texts), texts[:3])

	def test_reports_show_an_amount_as_its_currency_has_it(self):
		self.desk.go("query-report", "Lost Opportunity")
		shown = self.desk.run(
			"const column = {fieldname: 'amount', fieldtype: 'Currency', options: 'currency'};"
			"return ['JPY', 'USD'].map((currency) => frappe.query_reports['Lost Opportunity'].formatter("
			"12, [], column, {amount: 12, currency}, (value, row, df, data) => frappe.format(value, df, {}, data)))"
		)
		self.assertNotIn("12.00", shown[0])
		self.assertIn("12.00", shown[1])

	def test_other_views(self):
		for route in (
			BOARD,
			("List", "Opportunity", "Calendar", "default"),
			("List", "Opportunity", "Report"),
			("List", "Event", "List"),
			("List", "ToDo", "List"),
			("Workspaces", "CRM Pipeline"),
			*(("query-report", report) for report in REPORTS),
		):
			with self.subTest(route):
				self.desk.go(*route)
				self.assertNothingRan(route)

	def test_buttons_of_the_list_stay_on_narrow_windows(self):
		size = self.desk.driver.get_window_size()
		self.addCleanup(self.desk.driver.set_window_size, size["width"], size["height"])
		self.desk.driver.set_window_size(1280, 800)
		self.desk.start_anew()
		self.desk.go("List", "Opportunity", "List")
		self.desk.wait("return $('.frappe-list:visible .list-row').length")
		right, room = self.desk.run(
			"return [Math.max(...$('.page-head:visible .page-actions').find('button:visible').get()"
			".map((button) => button.getBoundingClientRect().right)), window.innerWidth]"
		)
		self.assertLessEqual(right, room)
		offered = self.desk.run(
			"return $('.inner-group-button .dropdown-item', cur_list.page.wrapper).get().map((entry) => entry.textContent.trim())"
		)
		# Frappe 16 has a menu of its own behind ours.
		self.assertEqual(offered[:3], ["Overdue Follow-ups", "Waiting for Us", "Pipeline Board"])

	def test_boards_call_owners_by_their_names(self):
		self.desk.start_anew()
		texts = "return $('.kanban-card:visible').get().map((card) => card.innerText).join()"
		self.desk.go(*BOARD)
		shown = self.desk.wait(texts)
		self.assertIn(frappe.db.get_value("User", self.user, "full_name"), shown)
		self.assertNotIn(self.user, shown)
		for may_read_users in (True, False):
			with self.subTest(may_read_users=may_read_users):
				name = payload(f"name of a user {may_read_users}")
				self.desk.run(
					"frappe.boot.user_info[arguments[0]].fullname = arguments[1];"
					"frappe.model.can_read = () => arguments[2];"
					"cur_list.kanban = null; cur_list.render()",
					self.user,
					name,
					may_read_users,
				)
				self.desk.rest()
				self.assertIn(name, self.desk.run(texts))
				self.assertNothingRan("board")
		self.desk.start_anew()

	def test_a_board_without_cards_shows_its_columns(self):
		self.desk.start_anew()
		self.desk.go(*BOARD)
		columns = "return $('.kanban-column:visible').length"
		every = self.desk.wait(columns)
		self.desk.run("cur_list.data = []; cur_list.toggle_result_area(); cur_list.render()")
		self.desk.rest()
		self.assertEqual(self.desk.run("return $('.kanban-card:visible').length"), 0)
		self.assertEqual(self.desk.run(columns), every)

	def test_forms(self):
		for doc in (
			self.overdue,
			self.quoted,
			self.lost,
			self.quotation,
			self.draft,
			self.asked,
			self.customer,
			self.lead,
			self.contact,
			self.process,
			self.batch,
		):
			with self.subTest(doc.doctype):
				self.desk.open(doc.doctype, doc.name)
				self.desk.run("cur_frm.dashboard && cur_frm.scroll_to_field && window.scrollTo(0, 1e6)")
				self.desk.rest()
				self.assertNothingRan(doc.doctype)

	def test_what_the_dialogs_of_an_opportunity_show(self):
		self.as_stored_before(self.overdue, self.quoted)
		self.desk.open("Opportunity", self.overdue.name)
		for label in ("Won", "Lost", "Pause", "Follow-up Done", "Snooze"):
			with self.subTest(label):
				self.desk.press(label)
				self.assertIn(payload("title"), self.desk.dialog())
				self.assertNothingRan(label)
				self.desk.close()
		self.desk.run("cur_frm.set_value('with_items', 0)")
		self.desk.dialog()
		self.desk.run("cur_dialog.get_secondary_btn().click()")
		self.desk.open("Opportunity", self.quoted.name)
		self.desk.press("Lost")
		self.assertIn(
			self.quotation.name,
			self.desk.wait("return window.cur_dialog && cur_dialog.$wrapper.find('.alert').text()"),
		)
		self.desk.close()
		self.assertNothingRan("Lost notice")

	def test_stage_dialogs(self):
		name, process = self.lost.name, self.process.name
		self.desk.start_anew()
		self.desk.open("Opportunity", self.quoted.name)
		self.desk.run("cur_frm.set_value('sales_process', arguments[0])", process)
		self.assertEqual(self.desk.dialog(), f"Stage in {process}")
		self.desk.close()
		self.desk.run("cur_frm.reload_doc()")
		self.desk.rest()
		message = '{"message": "Before entering: <b>an item</b>"}'
		for frm in ("cur_frm", "null"):  # who may pass with a reason, and who may not
			self.desk.run(
				f"const handler = frappe.request.error_handlers.StageRequirementsMissing; const frm = cur_frm;"
				f"window.cur_frm = {frm}; if (cur_frm) cur_frm.retry = () => {{}};"
				"handler.forEach((show) => show({_server_messages: JSON.stringify([arguments[0]])}));"
				"window.cur_frm = frm",
				message,
			)
			self.assertIn("Stage Requirements Missing", self.desk.dialog())
			self.desk.close()
		self.assertNothingRan(name)

	def test_quotation_dialogs(self):
		self.as_stored_before(self.quotation)
		self.desk.open("Quotation", self.quotation.name)
		for label in ("Mark as Ordered", "Declare Lost"):
			with self.subTest(label):
				self.desk.press(label)
				self.assertIn(payload("title"), self.desk.dialog())
				self.assertNothingRan(label)
				self.desk.close()

	def test_dialogs_of_the_settings(self):
		self.desk.open("Selling Settings", "Selling Settings")
		for label in ("Preview Auto-close", "Hand Over Pipeline", "Set Up Assignment"):
			with self.subTest(label):
				self.desk.press(label)
				self.desk.dialog()
				if label == "Hand Over Pipeline":
					self.desk.run("cur_dialog.set_value('from_user', arguments[0])", self.user)
					self.desk.wait("return cur_dialog.fields_dict.preview.$wrapper.find('td').length")
				self.assertNothingRan(label)
				self.desk.close()

	def test_undoing_a_batch(self):
		self.desk.open("Auto Close Batch", self.batch.name)
		self.desk.press("Bring Back")
		self.desk.dialog()
		self.assertNothingRan("question")
		self.desk.run("cur_dialog.get_primary_btn().click()")
		self.desk.wait("return window.cur_dialog && cur_dialog.$wrapper.find('.not-restored').length")
		self.assertNothingRan("answer")
		self.desk.close()

	def test_what_is_made_from_an_opportunity(self):
		for doc, label, doctype in (
			(self.quoted, "Quotation", "Quotation"),
			(self.quoted, "Supplier Quotation", "Supplier Quotation"),
			(self.lead, "Opportunity", "Opportunity"),
			(self.contact, "Opportunity", "Opportunity"),
		):
			with self.subTest(f"{doc.doctype} to {doctype}"):
				self.desk.open(doc.doctype, doc.name)
				self.desk.press(label)
				self.desk.wait(
					"return cur_frm && cur_frm.doctype === arguments[0] && cur_frm.is_new()", doctype
				)
				self.desk.rest()
				self.assertNothingRan(label)

	def test_no_menu_is_offered_that_is_empty(self):
		for doc in (self.overdue, self.quoted, self.lost, self.lead, self.customer):
			with self.subTest(f"{doc.doctype} {doc.name}"):
				self.desk.open(doc.doctype, doc.name)
				menus = self.desk.run(
					"return $('.inner-group-button', cur_frm.page.wrapper).get().map("
					"(menu) => [menu.innerText.trim(), $('.dropdown-item', menu).length])"
				)
				self.assertTrue(all(entries for _label, entries in menus), menus)

	def test_the_page(self):
		self.desk.driver.get(f"{self.desk.url}/pipeline")
		self.desk.wait("return document.querySelectorAll('.card').length")
		self.assertNothingRan("board")
		self.desk.run("document.querySelector('.card a, .card button').click()")
		self.desk.driver.get(f"{self.desk.url}/app/todo")
		self.desk.rest()
		self.assertNothingRan("record")
