"""Cost and margin are told on no path to who may not read them, and stay when such a user saves."""

import json

import frappe
from frappe.permissions import get_role_permissions

from crm_pipeline.permissions.field_levels import hidden_fields
from crm_pipeline.permissions.version_levels import leave_out_costs
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_quotation
from crm_pipeline.tests.http import answering
from crm_pipeline.tests.secret_costs import (
	COST,
	OF_HEAD,
	OF_ROW,
	SUM,
	SecretCostCase,
	figures_in,
	secret_quotation,
)

METHOD = "/api/method/"
LEVEL_2 = {"Purchase User", "Sales Manager", "System Manager"}


class TestLevels(TestCase):
	def test_who_reads_them(self):
		for roles, reads in (
			(("Sales User",), False),
			(("Purchase User",), True),
			(("Sales User", "Purchase User"), True),
			(("Sales Manager",), True),
			(("System Manager",), True),
		):
			with self.subTest(roles=roles), self.as_user(*roles):
				self.assertEqual(hidden_fields("Quotation").isdisjoint(OF_HEAD), reads)
				self.assertEqual(hidden_fields("Quotation Item", "Quotation").isdisjoint(OF_ROW), reads)

	def test_the_floor_is_for_those_who_read_costs(self):
		for roles, reads in (
			(("Sales User",), False),
			(("Purchase User",), True),
			(("Sales Manager",), True),
		):
			with self.subTest(roles=roles), self.as_user(*roles):
				self.assertEqual("margin_floor" not in hidden_fields("Selling Settings"), reads)
		rules = [rule for rule in frappe.get_meta("Selling Settings").permissions if rule.permlevel == 2]
		self.assertEqual({rule.role for rule in rules if rule.write}, {"Sales Manager", "System Manager"})

	def test_nobody_writes_them_and_no_print_shows_them(self):
		meta = frappe.get_meta("Quotation")
		rules = [rule for rule in meta.permissions if rule.permlevel == 2]
		self.assertEqual({rule.role for rule in rules if rule.read}, LEVEL_2)
		self.assertFalse(any(rule.write for rule in rules))
		for doctype, fields in (("Quotation", (*OF_HEAD, "passed_margin")), ("Quotation Item", OF_ROW)):
			for field in fields:
				df = frappe.get_meta(doctype).get_field(field)
				self.assertEqual((df.permlevel, df.print_hide, df.read_only, df.no_copy), (2, 1, 1, 1), field)

	def test_what_follows_from_cost_is_hidden_with_it(self):
		frappe.get_meta("Quotation Item").get_field("base_cost").permlevel = 0
		self.addCleanup(frappe.clear_cache)
		with self.as_user("Sales User"):
			self.assertIn("base_cost", hidden_fields("Quotation Item", "Quotation"))

	def test_a_seller_has_no_right_to_supplier_quotations(self):
		with self.as_user("Sales User") as seller:
			rights = get_role_permissions(frappe.get_meta("Supplier Quotation"), user=seller)
			self.assertFalse(
				any(rights.get(right) for right in ("read", "write", "create", "report", "export"))
			)

	def test_a_save_by_who_does_not_see_them_keeps_them(self):
		quotation = secret_quotation()
		saving = answering("/api/method/frappe.desk.form.save.savedocs", doctype="Quotation")
		with self.as_user("Sales User"), saving:
			mine = frappe.get_doc("Quotation", quotation.name)
			mine.apply_fieldlevel_read_permissions()
			self.assertFalse(mine.get("base_cost"))
			sent = mine.as_dict()
			sent["terms"] = "Net 30"
			saved = frappe.get_doc(json.loads(frappe.as_json(sent))).save()
			self.assertFalse(saved.get("base_cost") or saved.items[0].get("cost_rate"))
			saved.submit()
			self.assertNotIn(COST, frappe.as_json(saved))
			saved.valid_till = None
			saved.save()
			self.assertNotIn(COST, frappe.as_json(saved))
		quotation.reload()
		self.assertEqual((quotation.terms, quotation.docstatus), ("Net 30", 1))
		self.assertEqual((quotation.items[0].cost_rate, quotation.base_cost), (87.65, 175.3))

	def test_a_copy_and_an_amendment_keep_what_they_were_made_from(self):
		quotation = secret_quotation().submit()
		with self.as_user("Sales User"):
			copied = frappe.copy_doc(frappe.get_doc("Quotation", quotation.name)).update({"docstatus": 0})
			copied.insert()
			frappe.get_doc("Quotation", quotation.name).cancel()
			amended = frappe.copy_doc(frappe.get_doc("Quotation", quotation.name))
			amended.update({"docstatus": 0, "amended_from": quotation.name})
			amended.insert()
		for made in (copied, amended):
			self.assertEqual(made.reload().items[0].supplier_quotation, quotation.items[0].supplier_quotation)
			self.assertEqual(made.base_cost, 175.3)

	def test_naming_an_offer_that_one_does_not_see(self):
		offer = secret_quotation().items[0]
		row = {
			"item_name": "Pump",
			"qty": 1,
			"rate": 1,
			"supplier_quotation": offer.supplier_quotation,
			"supplier_quotation_item": offer.supplier_quotation_item,
		}
		hidden = make_quotation(submit=False)
		frappe.delete_doc("Quotation", offer.parent)
		with self.as_user("Sales User"):
			mine = frappe.get_doc("Quotation", hidden.name)
			mine.append("items", row)
			with self.assertRefused(frappe.LinkValidationError, offer.supplier_quotation):
				mine.save()

	def test_versions_leave_them_out(self):
		row = {"item_name": "Pump", "rate": 100.75, **dict.fromkeys(OF_ROW, 87.65)}
		data = {
			"changed": [["terms", "", "Net 30"], ["base_cost", 0, 175.3], ["passed_margin", 0, 13.002]],
			"added": [["items", dict(row)]],
			"removed": [["items", dict(row)]],
			"row_changed": [
				["items", 0, "abc", [["rate", 1, 100.75], ["cost_rate", 0, 87.65]]],
				["items", 1, "def", [["base_cost", 0, 175.3]]],
			],
			"updater_reference": None,
		}
		version = frappe._dict(ref_doctype="Quotation", data=json.dumps(data))
		leave_out_costs(version)
		kept = {"item_name": "Pump", "rate": 100.75}
		self.assertEqual(
			json.loads(version.data),
			{
				"changed": [["terms", "", "Net 30"]],
				"added": [["items", kept]],
				"removed": [["items", kept]],
				"row_changed": [["items", 0, "abc", [["rate", 1, 100.75]]]],
				"updater_reference": None,
			},
		)
		other = frappe._dict(ref_doctype="Opportunity", data=json.dumps(data))
		leave_out_costs(other)
		self.assertEqual(json.loads(other.data), data)

	def test_what_is_stored_of_changes(self):
		quotation = secret_quotation()
		quotation.append("items", {**quotation.items[0].as_dict(), "name": None, "idx": None})
		quotation.items[0].qty = 3
		quotation.save()
		quotation.items.pop()
		quotation.save()
		stored = frappe.get_all("Version", {"docname": quotation.name}, pluck="data")
		self.assertFalse([data for data in stored if any(figure in data for figure in (COST, SUM, "262.95"))])


class TestPaths(SecretCostCase):
	def asked(self):
		"""Path and values of every question, with whether a manager is sure to be told."""
		name, fields = self.quotation.name, json.dumps(["name", *OF_HEAD])
		row_fields = json.dumps(["name", *(f"`tabQuotation Item`.`{field}`" for field in OF_ROW)])
		by_row = {"parent": "Quotation", "fields": json.dumps(["name", *OF_ROW])}
		of_this = json.dumps({"name": name})
		yield f"/api/resource/Quotation/{name}", {}, True
		yield f"/api/v2/document/Quotation/{name}", {}, True
		yield "/api/resource/Quotation", {"fields": fields, "filters": of_this}, True
		yield "/api/resource/Quotation", {"fields": '["*"]', "filters": of_this}, True
		yield (
			"/api/resource/Quotation",
			{"fields": json.dumps(["items.cost_rate"]), "filters": of_this},
			False,
		)
		yield "/api/resource/Quotation Item", {**by_row, "filters": json.dumps({"parent": name})}, False
		yield f"{METHOD}frappe.client.get", {"doctype": "Quotation", "name": name}, True
		for field in OF_HEAD:
			values = {"doctype": "Quotation", "filters": name, "fieldname": field}
			yield f"{METHOD}frappe.client.get_value", values, True
		for field in OF_ROW:
			values = {
				"doctype": "Quotation Item",
				"filters": json.dumps({"parent": name}),
				"fieldname": field,
			}
			yield f"{METHOD}frappe.client.get_value", {**values, "parent": "Quotation"}, False
		yield f"{METHOD}frappe.desk.form.load.getdoc", {"doctype": "Quotation", "name": name}, False
		yield f"{METHOD}frappe.desk.form.load.get_docinfo", {"doctype": "Quotation", "name": name}, False
		listed = {"doctype": "Quotation", "filters": json.dumps([["Quotation", "name", "=", name]])}
		for columns in (fields, row_fields):
			yield f"{METHOD}frappe.desk.reportview.get", {**listed, "fields": columns}, False
			sheet = {"title": "Quotation", "file_format_type": "CSV"}
			yield (
				f"{METHOD}frappe.desk.reportview.export_query",
				{**listed, **sheet, "fields": columns},
				False,
			)
		summed = json.dumps(["sum(base_cost) as base_cost"])
		yield "/api/resource/Quotation", {"fields": summed, "filters": of_this}, False
		yield "/printview", {"doctype": "Quotation", "name": name}, False
		yield f"{METHOD}crm_pipeline.api.quotations.quotation_warnings", {"quotation": name}, False

	def test_a_seller_is_told_no_figure_and_a_manager_is(self):
		for path, values, sure in self.asked():
			with self.subTest(path=path, values=values):
				answer = self.api.get(path, **values).get_data(as_text=True)
				self.assertEqual(figures_in(answer), [], answer[:500])
				answer = self.manager.get(path, **values).get_data(as_text=True)
				if sure and "NotImplementedError" not in answer:
					self.assertTrue(figures_in(answer), answer[:500])

	def test_answers_to_a_seller_s_changes(self):
		path = f"/api/resource/Quotation/{self.quotation.name}"
		answer = self.api.put(path, terms="Net 30", base_cost=1)
		self.assertEqual(answer.status_code, 200)
		self.assertEqual(figures_in(answer.get_data(as_text=True)), [])
		stored = self.manager.get(path).json["data"]
		self.assertEqual((stored["base_cost"], stored["items"][0]["cost_rate"]), (175.3, 87.65))

	def test_conditions_on_costs_are_refused(self):
		of_rows = {
			"document_type": "Quotation Item",
			"parent_document_type": "Quotation",
			"function": "Count",
		}
		for path, values in (
			("frappe.desk.search.search_link", {"doctype": "Quotation", "filters": '{"base_cost": 175.3}'}),
			("frappe.desk.search.search_widget", {"doctype": "Quotation", "filters": '{"base_cost": 175.3}'}),
			(
				"frappe.desk.doctype.number_card.number_card.get_result",
				{"doc": json.dumps(of_rows), "filters": '[["Quotation Item", "base_cost", "=", 175.3]]'},
			),
			(
				"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
				{
					"chart": json.dumps({"document_type": "Quotation"}),
					"filters": '[["Quotation", "base_cost", "=", 175.3]]',
				},
			),
		):
			with self.subTest(path):
				answer = self.api.get(f"{METHOD}{path}", **values)
				self.assertAnswer(answer, 403, "FieldOutOfReach")

	def test_answers_to_methods_of_frappes_own(self):
		row = self.quotation.items[0]
		for doctype, name in (("Quotation", self.quotation.name), (row.doctype, row.name)):
			asked = {"dt": doctype, "dn": name, "method": "add_comment", "args": '{"text": "Seen"}'}
			with self.subTest(doctype):
				answer = self.api.post(f"{METHOD}run_doc_method", **asked).get_data(as_text=True)
				self.assertEqual(figures_in(answer), [], answer[:500])
		answer = self.manager.post(
			f"{METHOD}run_doc_method", **{**asked, "dt": "Quotation", "dn": self.quotation.name}
		)
		self.assertIn(SUM, figures_in(answer.get_data(as_text=True)))

	def test_a_refusal_of_what_is_too_much(self):
		path = f"/api/resource/Quotation/{self.quotation.name}"
		rows = self.api.get(path).json["data"]["items"]
		items = [{**row, "qty": 99_999_999_999, "rate": 0.01} for row in rows]
		answer = self.api.put(path, items=items)
		self.assertAnswer(answer, 417, "ImpossibleNumber")
		self.assertNotIn("8764", answer.get_data(as_text=True))

	def test_the_form_opens_after_a_save_of_a_seller(self):
		frappe.set_user(self.api.user)
		self.addCleanup(frappe.set_user, "Administrator")
		with answering("/api/method/frappe.desk.form.save.savedocs", doc='{"doctype": "Quotation"}'):
			quotation = frappe.get_doc("Quotation", self.quotation.name)
			quotation.terms = "Net 14"
			quotation.save()
			self.assertIsNone(quotation.base_cost)
			quotation.run_method("onload")
		self.assertFalse(quotation.get_onload("needs_margin_pass"))

	def test_supplier_quotations_are_out_of_a_seller_s_sight(self):
		name, rate = self.offer.name, COST
		rows = {"parent": "Supplier Quotation", "fields": '["*"]'}
		for path, values in (
			(f"/api/resource/Supplier Quotation/{name}", {}),
			("/api/resource/Supplier Quotation", {"fields": '["*"]'}),
			("/api/resource/Supplier Quotation Item", rows),
			("/api/resource/Supplier Quotation Item", {**rows, "parent": "Quotation"}),
			(f"{METHOD}frappe.client.get", {"doctype": "Supplier Quotation", "name": name}),
			(f"{METHOD}frappe.desk.form.load.getdoc", {"doctype": "Supplier Quotation", "name": name}),
			(f"{METHOD}frappe.desk.reportview.get", {"doctype": "Supplier Quotation", "fields": '["*"]'}),
			(f"{METHOD}frappe.desk.search.search_link", {"doctype": "Supplier Quotation", "txt": name}),
			(
				f"{METHOD}crm_pipeline.api.supplier_rates.compare_supplier_rates",
				{"opportunity": self.quotation.opportunity},
			),
			(
				f"{METHOD}crm_pipeline.crm_pipeline.doctype.supplier_quotation.supplier_quotation.make_quotation",
				{"source_name": name},
			),
			(
				f"{METHOD}crm_pipeline.api.activities.activities",
				{"doctype": "Opportunity", "name": self.quotation.opportunity},
			),
			("/printview", {"doctype": "Supplier Quotation", "name": name}),
		):
			with self.subTest(path=path):
				answer = self.api.get(path, **values)
				text = answer.get_data(as_text=True)
				self.assertFalse(rate in text or self.offer.items[0].name in text, text[:500])

	def test_connections_count_none(self):
		values = {"doctype": "Opportunity", "name": self.quotation.opportunity}
		answer = self.api.get(f"{METHOD}frappe.desk.notifications.get_open_count", **values).json or {}
		links = answer.get("message", {}).get("count", {}).get("external_links_found", [])
		self.assertFalse(
			[each for each in links if each["doctype"] == "Supplier Quotation" and each["count"]]
		)
