"""What the panel says of one opportunity: values, stages with their requirements, quotations, tasks, party, stream."""

import frappe

from crm_pipeline.api import moves
from crm_pipeline.api.panel import get_choices, get_panel, get_timeline
from crm_pipeline.exceptions import FieldNotEditable
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_contact,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_quotation,
	make_supplier,
	make_user,
)
from crm_pipeline.tests.limited import settings


class PanelCase(TestCase):
	def setUp(self):
		super().setUp()
		self.owner = make_user("Sales User")
		self.process = make_process(10, 40)
		self.stages = [row.sales_stage for row in self.process.stages]
		self.process.append(
			"requirements",
			{"sales_stage": self.stages[1], "requirement": "Field", "fieldname": "expected_closing"},
		)
		self.process.append("requirements", {"sales_stage": self.stages[1], "requirement": "Item"})
		self.process.save()
		self.opportunity = make_party_opportunity(
			sales_process=self.process.name, opportunity_owner=self.owner
		)
		self.name = self.opportunity.name


class TestPanel(PanelCase):
	def test_values_and_what_may_be_set(self):
		panel = get_panel(self.name)
		self.assertEqual(panel["card"]["name"], self.name)
		self.assertEqual(panel["doc"]["title"], self.opportunity.title)
		self.assertEqual(panel["doc"]["transaction_date"], in_days(0))
		self.assertEqual(panel["doc"]["lost_reasons"], [])
		self.assertEqual(panel["fields"]["expected_closing"]["editable"], 1)
		self.assertEqual(panel["fields"]["waiting_for"]["editable"], 0)
		self.assertEqual(set(panel["doc"]) - {"name", "modified"}, set(panel["fields"]))
		self.assertEqual(panel["people"], {self.owner: "Test"})
		self.assertEqual(panel["decimals"], {"USD": 2})
		(item,) = panel["items"]
		self.assertEqual((item["qty"], item["rate"], item["amount"]), (2, 100, 200))

	def test_the_amount_is_set_where_it_is_no_sum_of_items(self):
		self.assertEqual(get_panel(self.name)["fields"]["opportunity_amount"]["editable"], 0)
		wanted = {"opportunity": self.name, "values": {"opportunity_amount": 5}}
		with self.assertRefused(FieldNotEditable, "sum of the items"):
			moves.set_values(**wanted, from_values={"opportunity_amount": 200})
		plain = make_opportunity(opportunity_amount=100).name
		self.assertEqual(get_panel(plain)["fields"]["opportunity_amount"]["editable"], 1)

	def test_what_stages_require(self):
		first, second, *_rest = get_panel(self.name)["stages"]
		self.assertEqual((first["stage"], first["requirements"]), (self.stages[0], []))
		closing, item = second["requirements"]
		self.assertEqual(
			(closing["fieldname"], closing["type"], closing["met"]), ("expected_closing", "Date", 0)
		)
		self.assertEqual((item["fieldname"], item["met"]), (None, 1))
		values = {"expected_closing": in_days(9)}
		moves.move_to_stage(self.name, self.stages[1], self.stages[0], values)
		self.assertEqual(get_panel(self.name)["stages"][1]["requirements"][0]["met"], 1)

	def test_actions_are_those_that_work(self):
		self.assertEqual(get_panel(self.name)["actions"], ["advance", "won", "lost", "pause", "quote"])
		moves.pause(self.name, in_days(3))
		self.assertIn("resume", get_panel(self.name)["actions"])
		moves.declare_lost(self.name, [make_lost_reason().name])
		self.assertEqual(get_panel(self.name)["actions"], ["reopen", "ask_again"])

	def test_after_the_last_quotation_there_is_something_to_do(self):
		usual = get_panel(self.name)["actions"]
		make_quotation(self.opportunity).cancel()
		self.assertEqual(get_panel(self.name)["actions"], usual)
		lost, cancelled = make_quotation(self.opportunity), make_quotation(self.opportunity)
		lost.declare_lost([make_lost_reason().name])
		cancelled.reload().cancel()
		self.assertEqual(frappe.db.get_value("Opportunity", self.name, "status"), "Lost")
		self.assertEqual(get_panel(self.name)["actions"], ["quote", "ask_again"])

	def test_who_may_read_only_is_offered_nothing(self):
		with self.as_user("Purchase User"):
			panel = get_panel(self.name)
		self.assertEqual((panel["may_write"], panel["may_override"], panel["actions"]), (0, 0, []))
		self.assertEqual({field["editable"] for field in panel["fields"].values()}, {0})

	def test_quotations_tasks_contacts_and_party(self):
		customer = self.opportunity.party_name
		quotation = make_quotation(self.opportunity)
		other = make_opportunity(opportunity_from="Customer", party_name=customer)
		contact = make_contact(frappe.get_doc("Customer", customer))
		task = make(
			"ToDo",
			description="<b>Call</b> them",
			date=in_days(-1),
			allocated_to=self.owner,
			reference_type="Opportunity",
			reference_name=self.name,
		)
		panel = get_panel(self.name)
		(shown,) = panel["quotations"]
		self.assertEqual(
			(shown["name"], shown["status"], shown["amount"], shown["replaced"]),
			(quotation.name, "Open", quotation.grand_total, 0),
		)
		self.assertIn(
			{
				"name": task.name,
				"description": "Call them",
				"date": in_days(-1),
				"allocated_to": self.owner,
				"overdue": 1,
			},
			panel["tasks"],
		)
		self.assertEqual([row["name"] for row in panel["contacts"]], [contact.name])
		self.assertEqual(panel["contacts"][0]["full_name"], contact.first_name)
		self.assertEqual([row["name"] for row in panel["party"]["rows"]], [other.name])
		self.assertEqual((panel["party"]["name"], panel["party"]["open"]), (customer, 2))

	def test_quotations_that_stand_against_the_loss(self):
		expired, standing = make_quotation(self.opportunity), make_quotation(self.opportunity)
		expired.db_set("valid_till", in_days(-1))
		make_quotation(self.opportunity, submit=False)
		panel = get_panel(self.name)
		self.assertEqual((panel["open_quotations"], panel["why_not_lost_too"]), ([standing.name], ""))
		with self.as_user("Purchase User"):
			panel = get_panel(self.name)
		self.assertEqual((panel["open_quotations"], panel["why_not_lost_too"]), ([], ""))
		make("Custom DocPerm", parent="Quotation", role="Sales User", read=1, permlevel=0)
		self.addCleanup(frappe.clear_cache, doctype="Quotation")
		frappe.clear_cache(doctype="Quotation")
		with self.as_user("Sales User"):
			panel = get_panel(self.name)
		self.assertIn(standing.name, panel["why_not_lost_too"])
		self.assertNotIn("<", panel["why_not_lost_too"])
		self.assertEqual({row["open_rows"] and 1 for row in panel["quotations"]}, {None})

	def test_which_quotations_may_be_ordered_or_lost(self):
		rows = [{"item_name": each, "qty": 1, "rate": 5} for each in "ab"]
		part, lost, whole, former = (make_quotation(self.opportunity, items=rows) for _number in range(4))
		draft = make_quotation(self.opportunity, items=rows, submit=False)
		part.mark_ordered(items=[part.items[0].name])
		lost.declare_lost(["Price"])
		revision = make_quotation(self.opportunity, items=rows, replaces=former.name)
		expired = make_quotation(self.opportunity, items=rows)
		frappe.db.set_value("Quotation", expired.name, "status", "Expired")
		shown = {row["name"]: row["open_rows"] for row in get_panel(self.name)["quotations"]}
		names = {name: rows and [row["item_name"] for row in rows] for name, rows in shown.items()}
		self.assertEqual(
			names,
			{
				part.name: ["b"],
				whole.name: ["a", "b"],
				revision.name: ["a", "b"],
				expired.name: ["a", "b"],
				**dict.fromkeys((lost.name, former.name, draft.name)),
			},
		)
		self.assertEqual(shown[whole.name][0]["amount"], 5)
		with self.as_user("Purchase User"):
			self.assertEqual({row["open_rows"] for row in get_panel(self.name)["quotations"]} - {None}, set())

	def test_supplier_quotations_only_for_who_may_read_them(self):
		make("Supplier Quotation", supplier=make_supplier().name, net_total=5, opportunity=self.name)
		(shown,) = get_panel(self.name)["supplier_quotations"]
		self.assertEqual((shown["amount"], shown["request_status"]), (5, ""))
		frappe.set_user(self.owner)
		self.assertEqual(len(get_panel(self.name)["supplier_quotations"]), int(reads_suppliers()))

	def test_without_party(self):
		panel = get_panel(make_opportunity().name)
		self.assertEqual((panel["party"], panel["contacts"], panel["quotations"]), (None, [], []))
		self.assertNotIn("quote", panel["actions"])

	def test_out_of_sight(self):
		settings(opportunity_visibility=OWN)
		with self.as_user("Sales User"):
			for ask in (get_panel, get_timeline):
				with self.assertRefused(frappe.PermissionError):
					ask(self.name)


class TestTimeline(PanelCase):
	def test_said_and_changed_in_one_stream(self):
		make_mail(self.opportunity, "Received", content="<p>Yes <i>please</i></p>", sender="a@example.org")
		self.opportunity.reload().add_comment("Comment", "Seen")
		moves.set_values(self.name, {"probability": 35, "opportunity_owner": ""})
		moves.pause(self.name, in_days(3))
		answer = get_timeline(self.name)
		kinds = [row["kind"] for row in answer["rows"]]
		self.assertEqual(kinds.count("Note"), 1)
		(mail,) = (row for row in answer["rows"] if row["kind"] == "Email")
		self.assertEqual((mail["direction"], mail["content"]), ("in", "Yes please"))
		(note,) = (row for row in answer["rows"] if row["kind"] == "Note")
		self.assertEqual((mail["own"], note["own"]), (1, 0))
		with self.as_user("Sales User"):
			(mail,) = (row for row in get_timeline(self.name)["rows"] if row["kind"] == "Email")
			self.assertEqual(mail["own"], 0)
		changes = [row["change"] for row in answer["rows"] if row["kind"] == "Change"]
		self.assertEqual(changes[0], {"what": "Status", "old": "Open", "new": "Paused"})
		(probability,) = (change for change in changes if change["what"] == "Probability")
		self.assertEqual((probability["old"], probability["new"]), ("10%", "35%"))
		self.assertEqual(
			[row["at"] for row in answer["rows"]], sorted((r["at"] for r in answer["rows"]), reverse=True)
		)
		self.assertEqual(answer["more"], 0)

	def test_a_portion_at_a_time(self):
		for number in range(4):
			self.opportunity.add_comment("Comment", f"Note {number}")
		everything = get_timeline(self.name)["rows"]
		first, second = (get_timeline(self.name, start, 3) for start in (0, 3))
		self.assertEqual([*first["rows"], *second["rows"]], everything[:6])
		self.assertEqual(first["more"], 1)
		self.assertEqual(get_timeline(self.name, len(everything), 3), {"rows": [], "more": 0})

	def test_in_the_users_words(self):
		moves.set_values(self.name, {"expected_closing": in_days(9)})
		moves.pause(self.name, in_days(3))
		frappe.local.lang = "de"
		try:
			changes = [row["change"] for row in get_timeline(self.name)["rows"] if row["change"]]
		finally:
			frappe.local.lang = "en"
		self.assertIn("Pausiert", [change["new"] for change in changes])


class TestChoices(PanelCase):
	def test_what_dialogs_offer(self):
		reason, manager = make_lost_reason().name, make_user("Sales Manager")
		buyer, website = make_user("Purchase User"), make_user()
		frappe.set_user(self.owner)
		choices = get_choices()
		self.assertIn({"name": reason, "label": reason}, choices["lost_reasons"])
		owners = {row["user"] for row in choices["owners"]}
		self.assertLessEqual({self.owner, manager}, owners)
		self.assertTrue(owners.isdisjoint({buyer, website, "Administrator", "Guest"}))
		self.assertIn(self.process.name, choices["processes"])
		self.assertIn("USD", choices["currencies"])

	def test_templates_are_those_that_people_wrote(self):
		template = frappe.get_doc(
			doctype="Email Template",
			name=f"Thanks {frappe.generate_hash(length=8)}",
			subject="Thank you",
			response="<p>Thank you.</p>",
		).insert()
		shipped = {"Follow-up Reminder", "Supplier Request"}
		self.assertLessEqual(shipped, set(frappe.get_all("Email Template", pluck="name")))
		offered = get_choices()["email_templates"]
		self.assertIn(template.name, offered)
		self.assertTrue(shipped.isdisjoint(offered))

	def test_tags_of_what_one_sees(self):
		settings(opportunity_visibility=OWN)
		mine, hidden = make_opportunity(opportunity_owner=self.owner), make_opportunity()
		for record, tags in ((mine, ",Fair,Big"), (hidden, ",Secret")):
			frappe.db.set_value("Opportunity", record.name, "_user_tags", tags, update_modified=False)
		frappe.set_user(self.owner)
		self.assertEqual(get_choices()["tags"], ["Big", "Fair"])


def reads_suppliers() -> bool:
	return bool(frappe.has_permission("Supplier Quotation", "read"))
