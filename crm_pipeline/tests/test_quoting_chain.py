"""From the customer's requirement to the order, over HTTP alone: buyer, suppliers without account, and salesperson."""

import frappe

from crm_pipeline.quoting.request_links import link_to_answer
from crm_pipeline.tests.factories import make_contact, make_customer, make_supplier
from crm_pipeline.tests.http import Api, send
from crm_pipeline.tests.requesting import query_of
from crm_pipeline.tests.rest import RestTestCase

RATES = "/api/method/crm_pipeline.api.supplier_rates"
REQUESTS = "/api/method/crm_pipeline.api.supplier_requests"
COSTS = {"base_cost", "base_margin", "margin_percentage", "cost_rate", "base_cost_rate"}


class TestChain(RestTestCase):
	def setUp(self):
		super().setUp()
		customer = self.keep(make_customer())
		items = [{"item_name": "Crane", "qty": 2}, {"item_name": "Cable", "qty": 10}]
		self.opportunity_name = self.create(
			"Opportunity", title="Harbour", opportunity_from="Customer", party_name=customer, items=items
		)["name"]
		self.suppliers = [self.supplier() for _each in range(3)]

	def supplier(self) -> str:
		supplier = make_supplier()
		self.keep(supplier)
		self.keep(make_contact(supplier))
		return supplier.name

	def ask(self) -> list[str]:
		asked = self.api.post(
			f"{REQUESTS}.request_rates",
			opportunity=self.opportunity_name,
			suppliers=self.suppliers,
			send=False,
		)
		self.assertEqual(asked.status_code, 200, asked.get_data(as_text=True))
		requests = [asked.json["message"]["requested"][supplier] for supplier in self.suppliers]
		self.made += [("Supplier Quotation", name) for name in requests]
		return requests

	def answer(self, request: str, *rates: str, **form):
		"""Send the form of the page behind a request's link, as a guest."""
		doc = frappe.get_doc("Supplier Quotation", request)
		frappe.db.commit()
		form |= {f"rate_{row.name}": rate for row, rate in zip(doc.items, rates, strict=False)}
		headers = {"Accept": "text/html", "X-Forwarded-For": f"{request.lower()}.visitors.example"}
		link = query_of(link_to_answer(doc))
		sent = send("POST", "/supplier-request", query_string=link, data=form, headers=headers)
		self.assertEqual(sent.status_code, 303, sent.get_data(as_text=True))

	def submit(self, doctype: str, name: str) -> dict:
		answer = self.api.put(f"/api/resource/{doctype}/{name}", docstatus=1)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		return answer.json["data"]

	def cheapest_picks(self) -> list[dict]:
		compared = self.api.get(f"{RATES}.compare_supplier_rates", opportunity=self.opportunity_name)
		self.assertEqual(compared.status_code, 200, compared.get_data(as_text=True))
		return [
			{
				"opportunity_item": item["opportunity_item"],
				"supplier_quotation_item": item["cheapest"],
				"qty": item["qty"],
			}
			for item in compared.json["message"]["items"]
		]

	def test_from_requirement_to_order(self):
		first, second, third = self.ask()
		self.answer(first, "800", "9")
		self.answer(second, "750", "11.50")
		self.answer(third, action="decline", reason="Sold out")
		for request in (first, second):
			self.submit("Supplier Quotation", request)
		statuses = [
			frappe.db.get_value("Supplier Quotation", name, "request_status")
			for name in (first, second, third)
		]
		self.assertEqual(statuses, ["Answered", "Answered", "Declined"])

		made = self.api.post(
			f"{RATES}.make_quotation_from_supplier_rates",
			opportunity=self.opportunity_name,
			picks=self.cheapest_picks(),
			margin={"percentage": 25},
		)
		self.assertEqual(made.status_code, 200, made.get_data(as_text=True))
		quotation = self.create("Quotation", **made.json["message"])
		rows = quotation["items"]
		self.assertEqual([row["supplier_quotation"] for row in rows], [second, first])
		self.assertEqual([row["rate"] for row in rows], [1000, 12])  # 750 / 0.75 and 9 / 0.75
		self.assertEqual([row["opportunity"] for row in rows], [self.opportunity_name] * 2)
		self.assertEqual(quotation["net_total"], 2120)
		self.assertEqual((quotation["base_cost"], quotation["margin_percentage"]), (1590, 25))

		self.submit("Quotation", quotation["name"])
		self.assertEqual(self.opportunity(self.opportunity_name)["status"], "Quotation")
		self.assert_costs_are_hidden_from_salespeople(quotation["name"])
		ordered = self.api.run("Quotation", quotation["name"], "mark_ordered")
		self.assertEqual(ordered.status_code, 200, ordered.get_data(as_text=True))
		opportunity = self.opportunity(self.opportunity_name)
		self.assertEqual((opportunity["status"], opportunity["close_revenue"]), ("Converted", 2120))

	def assert_costs_are_hidden_from_salespeople(self, quotation: str):
		salesperson = Api("Sales User")
		self.made.append(("User", salesperson.user))
		seen = salesperson.get(f"/api/resource/Quotation/{quotation}").json["data"]
		self.assertEqual(seen["net_total"], 2120)
		self.assertFalse(COSTS.intersection(key for key, value in seen.items() if value))
		for row in seen["items"]:
			self.assertFalse(COSTS.intersection(key for key, value in row.items() if value))
		refused = salesperson.get(f"{RATES}.compare_supplier_rates", opportunity=self.opportunity_name)
		self.assertEqual(refused.status_code, 403)
