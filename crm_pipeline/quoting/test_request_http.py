"""Suppliers over the host's own HTTP: asked over REST, answering as guests, held back where they are too many."""

from io import BytesIO
from unittest.mock import patch

import frappe
from werkzeug.exceptions import RequestEntityTooLarge

from crm_pipeline.quoting.request_links import link_to_answer
from crm_pipeline.rules.attachments import LARGEST
from crm_pipeline.tests.factories import make_contact, make_supplier
from crm_pipeline.tests.http import Browser, send, send_together
from crm_pipeline.tests.requesting import ITEMS, PDF, query_of
from crm_pipeline.tests.rest import RestTestCase
from crm_pipeline.www import supplier_request

ASK = "/api/method/crm_pipeline.api.supplier_requests.request_rates"
TOO_LARGE = 50 * 1024 * 1024  # bytes


class TestOverHttp(RestTestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = self.create("Opportunity", title="Cranes", items=ITEMS)
		self.supplier = make_supplier()
		self.keep(self.supplier)
		self.keep(make_contact(self.supplier))
		asked = self.api.post(
			ASK, opportunity=self.opportunity["name"], suppliers=[self.supplier.name], send=False
		)
		self.assertEqual(asked.status_code, 200, asked.get_data(as_text=True))
		self.name = asked.json["message"]["requested"][self.supplier.name]
		self.made.append(("Supplier Quotation", self.name))
		self.link = query_of(link_to_answer(frappe.get_doc("Supplier Quotation", self.name)))
		frappe.db.commit()
		self.address = {"X-Forwarded-For": f"{frappe.generate_hash(length=8)}.visitors.example"}

	def visit(self, method: str = "GET", **options):
		headers = {**self.address, "Accept": "text/html", **options.pop("headers", {})}
		return send(method, "/supplier-request", headers=headers, **{"query_string": self.link, **options})

	def stored(self):
		return frappe.get_doc("Supplier Quotation", self.name)

	def offer(self, rate: str = "12.50", **form) -> dict:
		return {f"rate_{self.stored().items[0].name}": rate, **form}

	def forget_files(self):
		filters = {"attached_to_doctype": "Supplier Quotation", "attached_to_name": self.name}
		for name in frappe.get_all("File", filters, pluck="name"):
			frappe.delete_doc("File", name)
		frappe.db.commit()

	def test_a_guest_opens_answers_and_corrects(self):
		self.assertEqual(self.visit().status_code, 200)
		self.assertEqual(self.stored().request_status, "Opened")
		file = (BytesIO(PDF), "offer.pdf")
		self.addCleanup(self.forget_files)
		sent = self.visit("POST", data=self.offer(file=file, note="Ex works"))
		self.assertEqual(sent.status_code, 303)
		self.assertIn("supplier-request?", sent.headers["Location"])
		stored = self.stored()
		self.assertEqual((stored.request_status, stored.items[0].rate), ("Answered", 12.5))
		filters = {"attached_to_doctype": "Supplier Quotation", "attached_to_name": self.name}
		(url,) = frappe.get_all("File", filters, pluck="file_url")
		self.assertEqual(send("GET", url, headers=self.address).status_code, 403)
		self.assertEqual(self.visit("POST", data=self.offer("11")).status_code, 303)
		self.assertEqual(self.stored().items[0].rate, 11)

	def test_what_is_refused_is_not_half_kept(self):
		file = (BytesIO(b"MZ"), "offer.pdf")
		self.assertEqual(self.visit("POST", data=self.offer(file=file)).status_code, 417)
		self.assertEqual(self.visit("POST", data=self.offer("x")).status_code, 417)
		self.assertEqual((self.stored().request_status, self.stored().items[0].rate), ("Asked", 0))

	def test_fifty_megabytes_are_refused_before_they_are_read(self):
		body = BytesIO(b"")
		with patch.object(body, "read", side_effect=AssertionError("the body was read")):
			answer = self.visit(
				"POST",
				input_stream=body,
				content_type="multipart/form-data; boundary=x",
				environ_overrides={"CONTENT_LENGTH": str(TOO_LARGE)},
			)
		self.assertEqual(answer.status_code, RequestEntityTooLarge.code)
		sent = (BytesIO(b"%PDF-".ljust(LARGEST + 1)), "offer.pdf")
		self.assertEqual(self.visit("POST", data=self.offer(file=sent)).status_code, 417)

	def test_one_address_is_held_back(self):
		with patch.object(supplier_request, "VISITS", 60):
			statuses = [self.visit(query_string={"name": self.name}).status_code for _visit in range(62)]
		self.assertEqual((statuses[:60], statuses[60:]), ([403] * 60, [429] * 2))
		self.assertEqual(self.visit().status_code, 429)
		self.assertEqual(self.visit("POST", data=self.offer()).status_code, 429)
		self.address = {"X-Forwarded-For": f"{frappe.generate_hash(length=8)}.visitors.example"}
		self.assertEqual(self.visit().status_code, 200)

	def test_two_who_ask_at_the_same_moment_ask_once(self):
		supplier = make_supplier()
		self.keep(supplier)
		values = {"opportunity": self.opportunity["name"], "suppliers": [supplier.name], "send": False}
		click = {"method": "POST", "path": ASK, "headers": self.api.headers, "json": values}
		answers = send_together(click, click)
		names = frappe.get_all("Supplier Quotation", {"supplier": supplier.name}, pluck="name")
		self.made.extend(("Supplier Quotation", name) for name in names)
		self.assertEqual(len(names), 1)
		statuses = sorted(answer.status_code for answer in answers)
		self.assertIn(statuses, ([200, 200], [200, 417]))

	def test_who_is_signed_in_answers_too(self):
		"""A buyer who tries the link has a session, whose token the form sends along."""
		browser = Browser()
		page = browser.call(
			"GET",
			"/supplier-request",
			query_string=self.link,
			headers={**self.address, "Accept": "text/html"},
		)
		self.assertEqual(page.status_code, 200)
		self.assertIn("<form", page.get_data(as_text=True))

	def test_nothing_else_is_reachable_by_the_link(self):
		for doctype, name in (("Supplier Quotation", self.name), ("Opportunity", self.opportunity["name"])):
			answer = send(
				"GET", f"/api/resource/{doctype}/{name}", headers=self.address, query_string=self.link
			)
			self.assertIn(answer.status_code, (403, 404))
		for path in (
			ASK,
			"/api/method/crm_pipeline.api.supplier_requests.resend_request",
			"/api/method/crm_pipeline.www.supplier_request.answer",
			"/api/method/crm_pipeline.quoting.request_answers.answer",
		):
			for method in ("GET", "POST"):
				with self.subTest(path, method=method):
					answer = send(method, path, headers=self.address, query_string=self.link)
					self.assertIn(answer.status_code, (403, 404, 405, 417))
