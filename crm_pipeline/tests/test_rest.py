"""The whole walk over REST with a token, and what clients call besides."""

import json

from crm_pipeline.tests.factories import in_days, make_item, make_lost_reason, make_supplier, unique
from crm_pipeline.tests.rest import RestTestCase


class TestWalk(RestTestCase):
	def test_from_lead_to_won(self):
		item, supplier = self.keep(make_item()), self.keep(make_supplier())
		reason = self.keep(make_lost_reason())
		lead = self.create("Lead", first_name="Ada", last_name="Byron", email_id="ada@example.org")
		mapped = self.map("lead.lead.make_opportunity", lead["name"])
		mapped["items"] = [{"item_code": item, "qty": 2, "rate": 50}]
		name = self.create("Opportunity", **mapped)["name"]
		self.assertEqual(self.opportunity(name)["opportunity_amount"], 100)

		quotation = self.create("Quotation", **self.map("opportunity.opportunity.make_quotation", name))
		self.assertEqual(self.opportunity(name)["status"], "Open")
		path = f"/api/resource/Quotation/{quotation['name']}"
		self.assertEqual(self.api.put(path, docstatus=1).status_code, 200)
		self.assertEqual(self.opportunity(name)["status"], "Quotation")

		offer = self.map("opportunity.opportunity.make_supplier_quotation", name)
		offer = self.create("Supplier Quotation", **offer, supplier=supplier)
		answer = self.api.put(f"/api/resource/Supplier Quotation/{offer['name']}", docstatus=1)
		self.assertEqual(answer.json["data"]["status"], "Submitted")

		refused = self.api.run("Opportunity", name, "declare_lost", lost_reasons=[reason])
		self.assertAnswer(refused, 417, "ActiveQuotationStands")
		self.assertIn(
			quotation["name"], json.loads(json.loads(refused.json["_server_messages"])[0])["message"]
		)
		self.assertEqual(self.api.put(path, docstatus=2).status_code, 200)
		self.assertEqual(self.opportunity(name)["status"], "Open")

		self.assertAnswer(
			self.api.run("Opportunity", name, "declare_lost", lost_reasons=[]), 417, "LostReasonsMissing"
		)
		self.assertEqual(self.run_ok(name, "declare_lost", lost_reasons=[reason])["status"], "Lost")
		self.assertEqual(self.run_ok(name, "reopen")["status"], "Open")
		self.assertEqual(self.run_ok(name, "pause", until=in_days(3))["status"], "Paused")
		self.assertEqual(self.run_ok(name, "resume")["status"], "Open")
		self.assertEqual(self.run_ok(name, "advance")["sales_stage"], "Pitching")
		self.assertEqual(self.run_ok(name, "step_back")["sales_stage"], "Lead")
		won = self.run_ok(name, "mark_won", close_revenue=90)
		self.assertEqual((won["status"], won["sales_stage"], won["close_revenue"]), ("Converted", "Won", 90))

	def test_methods_over_the_second_api_version(self):
		name = self.create("Opportunity", title=unique("Second version"))["name"]
		answer = self.api.post(f"/api/v2/document/Opportunity/{name}/method/advance")
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertEqual(self.opportunity(name)["sales_stage"], "Pitching")

	def test_lists_filter_order_and_page(self):
		campaign = unique("Campaign")
		for amount in (30, 10, 20):
			self.create(
				"Opportunity", title=unique("Opportunity"), campaign=campaign, opportunity_amount=amount
			)
		query = {"filters": json.dumps({"campaign": campaign}), "fields": '["opportunity_amount"]'}
		answer = self.api.get(
			"/api/resource/Opportunity", **query, order_by="opportunity_amount desc", limit=2
		)
		self.assertEqual([row["opportunity_amount"] for row in answer.json["data"]], [30, 20])
		count = self.api.get(
			"/api/method/frappe.client.get_count", doctype="Opportunity", filters=query["filters"]
		)
		self.assertEqual(count.json["message"], 3)

	def test_functions_that_clients_call(self):
		def call(function: str, **values):
			answer = self.api.post(f"/api/method/frappe.client.{function}", **values)
			self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
			return answer.json.get("message")

		doc = call("insert", doc={"doctype": "Lead", "first_name": "Ada"})
		self.made.append(("Lead", doc["name"]))
		named = {"doctype": "Lead", "name": doc["name"]}
		self.assertEqual(call("set_value", **named, fieldname="first_name", value="Eva")["first_name"], "Eva")
		doc = call("get", **named)
		self.assertEqual(call("save", doc={**doc, "last_name": "Byron"})["last_name"], "Byron")
		update = {"doctype": "Lead", "docname": doc["name"], "last_name": "King"}
		self.assertEqual(call("bulk_update", docs=json.dumps([update]))["failed_docs"], [])
		found = call("get_value", doctype="Lead", fieldname=["last_name"], filters={"name": doc["name"]})
		self.assertEqual(found, {"last_name": "King"})
		listed = call("get_list", doctype="Lead", filters={"name": doc["name"]})
		self.assertEqual(listed, [{"name": doc["name"]}])
		competitor = call("insert", doc={"doctype": "Competitor", "competitor_name": unique("Before")})
		names = {"old_name": competitor["name"], "new_name": unique("After")}
		self.assertEqual(call("rename_doc", doctype="Competitor", **names), names["new_name"])
		self.made.append(("Competitor", names["new_name"]))
		for name in call("insert_many", docs=[{"doctype": "Lead", "first_name": "Ida"}] * 2):
			call("delete", doctype="Lead", name=name)
			self.assertEqual(self.api.get(f"/api/resource/Lead/{name}").status_code, 404)

	def test_rows_are_read_and_written_through_their_parent(self):
		item = self.keep(make_item())
		rows = [{"item_code": item, "qty": 2, "rate": 50}]
		doc = self.create("Opportunity", title=unique("Rows"), with_items=1, items=rows)
		row = {"doctype": "Opportunity Item", "name": doc["items"][0]["name"]}
		client = "/api/method/frappe.client"
		self.assertEqual(self.api.get("/api/resource/Opportunity Item").status_code, 403)
		listed = self.api.get(
			"/api/resource/Opportunity Item",
			parent="Opportunity",
			filters=json.dumps({"parent": doc["name"]}),
		)
		self.assertEqual(listed.json["data"], [{"name": row["name"]}])
		self.api.post(f"{client}.set_value", **row, fieldname="qty", value=3)
		self.assertEqual(self.opportunity(doc["name"])["opportunity_amount"], 150)
		parent = {"parenttype": "Opportunity", "parent": doc["name"], "parentfield": "items"}
		new = {"doctype": "Opportunity Item", "item_code": item, "qty": 1, "rate": 10, **parent}
		self.api.post(f"{client}.insert", doc=new)
		self.api.post(f"{client}.delete", **row)
		self.assertEqual(self.opportunity(doc["name"])["opportunity_amount"], 10)

	def test_suggestions_for_links(self):
		lead = self.create("Lead", first_name=unique("Suggested"))
		answer = self.api.get(
			"/api/method/frappe.desk.search.search_link", doctype="Lead", txt=lead["first_name"][:14]
		)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		suggested = answer.json.get("message") or answer.json["results"]
		self.assertIn(lead["name"], [row["value"] for row in suggested])

	def test_a_method_of_a_stored_document_in_its_own_path(self):
		name = self.create("Opportunity", title=unique("Own path"))["name"]
		answer = self.api.post(f"/api/resource/Opportunity/{name}", run_method="advance")
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertEqual(self.opportunity(name)["sales_stage"], "Pitching")

	def test_deleting(self):
		name = self.create("Lead", first_name=unique("Deleted"))["name"]
		self.made.remove(("Lead", name))
		answer = self.api.delete(f"/api/resource/Lead/{name}")
		self.assertEqual((answer.status_code, answer.json.get("data") or answer.json["message"]), (202, "ok"))
		self.assertEqual(self.api.get(f"/api/resource/Lead/{name}").status_code, 404)

	def test_reports_run_over_rest(self):
		answer = self.api.get("/api/method/frappe.desk.query_report.run", report_name="Lost Opportunity")
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertIn("columns", answer.json["message"])
