"""Requests to suppliers, the mails that carry their links, and visits to the page behind them."""

import re
from email import message_from_string
from email.header import decode_header, make_header
from io import BytesIO
from itertools import count
from urllib.parse import parse_qsl, urlsplit

import frappe
from frappe.website.serve import get_response
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from crm_pipeline.api.supplier_requests import request_rates
from crm_pipeline.quoting.request_links import link_to_answer
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_contact, make_opportunity, make_supplier
from crm_pipeline.tests.mail import make_outgoing_account

# The least that is a PDF: Frappe 16 reads them.
PDF = (
	b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
	b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
	b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n96\n%%EOF\n"
)
ITEMS = [
	{"item_name": "Crane", "description": "Lifts 6 t", "qty": 2, "uom": "Nos", "rate": 777},
	{"item_name": "Cable", "qty": 10.5, "uom": "Nos", "rate": 888},
]
ADDRESSES = count(int(frappe.generate_hash(length=7), 16))  # each visit comes from one of its own


def make_reachable_supplier(**fields):
	"""A supplier with a contact who has an address."""
	supplier = make_supplier(**fields)
	make_contact(supplier)
	return supplier


def query_of(url: str) -> dict[str, str]:
	return dict(parse_qsl(urlsplit(url).query))


class RequestCase(TestCase):
	def setUp(self):
		super().setUp()
		make_outgoing_account()
		self.addCleanup(setattr, frappe.local, "outgoing_email_account", {})
		self.opportunity = make_opportunity(items=ITEMS)
		self.supplier = make_reachable_supplier()

	def assertNotTold(self, text: str, *secrets: str):
		"""Assert that a text tells none of these, whatever digits the digests, tokens and row names in it hold."""
		readable = re.sub(r"(?=[a-z]*\d)[0-9a-z]{10,}", "", text)
		for secret in secrets:
			self.assertNotIn(secret, readable)

	def ask(self, *suppliers, **arguments) -> dict:
		names = [supplier.name for supplier in suppliers or (self.supplier,)]
		return request_rates(self.opportunity.name, names, **arguments)

	def request(self, supplier=None, **arguments):
		"""A request to a supplier, as a document."""
		supplier = supplier or self.supplier
		return frappe.get_doc(
			"Supplier Quotation", self.ask(supplier, **arguments)["requested"][supplier.name]
		)

	def mails(self, request) -> list:
		"""What waits in the Email Queue about a request, oldest first."""
		filters = {"reference_doctype": "Supplier Quotation", "reference_name": request.name}
		stored = frappe.get_all("Email Queue", filters, ["name", "message"], order_by="creation")
		return [self.read(row) for row in stored]

	def read(self, row):
		mail = message_from_string(row.message)
		(part,) = [part for part in mail.walk() if part.get_content_type() == "text/html"]
		to = frappe.get_all("Email Queue Recipient", {"parent": row.name}, pluck="recipient")
		subject = str(make_header(decode_header(mail["Subject"])))
		return frappe._dict(subject=subject, text=part.get_payload(decode=True).decode(), to=to)

	def comments(self, request) -> list[str]:
		filters = {"reference_doctype": "Supplier Quotation", "reference_name": request.name}
		return frappe.get_all(
			"Comment", {**filters, "comment_type": "Info"}, pluck="content", order_by="creation"
		)

	def notes(self, request) -> list:
		filters = {"document_type": "Supplier Quotation", "document_name": request.name}
		return frappe.get_all("Notification Log", filters, ["for_user", "subject"], order_by="creation, name")


class PageCase(RequestCase):
	def setUp(self):
		super().setUp()
		self.asked = self.request()
		self.link = query_of(link_to_answer(self.asked))
		self.addCleanup(self.forget_visit)

	def forget_visit(self):
		for flag in ("supplier_request_page", "supplier_request_status", "redirect_location", "commit"):
			frappe.local.flags.pop(flag, None)
		frappe.local.request, frappe.local.form_dict = None, frappe._dict()

	def visit(self, method: str = "GET", link: dict | None = None, **form):
		"""The response to a guest who opens the link or sends the form, as it leaves the server."""
		language, user = frappe.local.lang, frappe.session.user
		self.forget_visit()
		files = {"file": (BytesIO(form["file"][1]), form["file"][0])} if "file" in form else {}
		builder = EnvironBuilder(
			"/supplier-request",
			method=method,
			query_string=self.link if link is None else link,
			data={**form, **files} if method == "POST" else None,
		)
		frappe.set_user("Guest")
		frappe.local.request = Request(builder.get_environ())
		frappe.local.form_dict = frappe._dict(self.link if link is None else link)
		frappe.local.request_ip = f"{next(ADDRESSES)}.visitors.example"
		try:
			response = get_response("supplier-request")
			for hook in frappe.get_hooks("after_request"):
				frappe.call(frappe.get_attr(hook), response=response, request=frappe.local.request)
			return response
		finally:
			self.forget_visit()
			frappe.set_user(user)
			frappe.local.lang = language

	def page(self, **options) -> str:
		return self.visit(**options).get_data(as_text=True)

	def answer(self, *offers, request=None, **form):
		"""Send the form with a unit price, and perhaps lead time and minimum quantity, for each row in order."""
		for row, offer in zip((request or self.asked).items, offers, strict=False):
			values = offer if isinstance(offer, tuple) else (offer,)
			for field, value in zip(("rate", "lead_time_days", "minimum_qty"), values, strict=False):
				form[f"{field}_{row.name}"] = str(value)
		return self.visit("POST", **form)

	def stored(self):
		return frappe.get_doc("Supplier Quotation", self.asked.name)
