"""Names and texts that Frappe keeps as markup are text on the pipeline page, and in nothing that shows markup."""

import frappe

from crm_pipeline.api import activities, moves
from crm_pipeline.api.calendar import get_next_contacts
from crm_pipeline.api.panel import get_choices, get_panel, get_timeline
from crm_pipeline.api.pipeline import get_board
from crm_pipeline.board.moves import answer
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make, make_contact, make_party_opportunity, make_user
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.messages import Messages
from crm_pipeline.utils.people import full_names, name_to_read
from crm_pipeline.www.pipeline import boot

GIVEN, FAMILY = "Ada & Kim <3", "O'Neil &lt;b&gt;"  # the second is an entity already as it is typed
READ = "Ada & Kim <3 O'Neil <b>"
KEPT = "Ada &amp; Kim &lt;3 O'Neil &lt;b&gt;"


class TestNamesToRead(TestCase):
	def setUp(self):
		super().setUp()
		self.user = make_user("Sales User")
		user = frappe.get_doc("User", self.user)
		user.update({"first_name": GIVEN, "last_name": FAMILY})
		user.flags.ignore_permissions = True
		user.save()
		frappe.local.fullnames = {}  # a request begins without those of the one before
		self.opportunity = make_party_opportunity(
			opportunity_owner=self.user, next_contact_by=self.user, next_contact_date=f"{in_days(2)} 09:00:00"
		)
		self.name = self.opportunity.name

	def test_frappe_keeps_names_of_users_as_markup(self):
		self.assertEqual(frappe.db.get_value("User", self.user, "full_name"), KEPT)
		self.assertEqual(full_names([self.user]), {self.user: KEPT}, "reports of Desk show markup")
		self.assertEqual(name_to_read(self.user), READ)
		self.assertEqual(full_names([None, ""]), {})

	def test_wherever_the_page_names_somebody(self):
		board = get_board(self.opportunity.sales_process, filters={"scope": f"user:{self.user}"})
		self.assertEqual(board["people"][self.user], READ)
		panel = get_panel(self.name)
		self.assertEqual(panel["people"][self.user], READ)
		owners = {row["user"]: row["full_name"] for row in get_choices()["owners"]}
		self.assertEqual(owners[self.user], READ)
		self.assertEqual(boot("en")["colleagues"][self.user], READ)
		frappe.set_user(self.user)
		self.assertEqual(boot("en")["full_name"], READ)

	def test_who_said_and_changed_something(self):
		frappe.set_user(self.user)
		self.opportunity.reload().add_comment("Comment", "Seen", comment_by=frappe.utils.get_fullname())
		activities.add_activity(self.name, "Call", "They call back")
		frappe.set_user("Administrator")
		moves.set_values(self.name, {"opportunity_owner": ""})
		rows = get_timeline(self.name)["rows"]
		for kind in ("Note", "Call"):
			(row,) = (each for each in rows if each["kind"] == kind)
			self.assertEqual(row["by_name"], READ, kind)
		changes = [row["change"] for row in rows if row["change"]]
		self.assertIn({"what": "Owner", "old": READ, "new": ""}, changes)

	def test_the_timeline_of_desk_escapes_once(self):
		customer = frappe.get_doc("Customer", self.opportunity.party_name)
		frappe.set_user(self.user)
		customer.add_comment("Comment", "Seen", comment_by=frappe.utils.get_fullname())
		cards = activities.timeline_content("Opportunity", self.name)
		desk_html = "".join(row["content"] for row in cards)
		self.assertIn("Ada &amp; Kim &lt;3 O", desk_html)
		self.assertIn("Neil &lt;b&gt;", desk_html)

	def test_contacts_tasks_and_the_calendar(self):
		contact = make_contact(frappe.get_doc("Customer", self.opportunity.party_name))
		frappe.db.set_value(
			"Contact", contact.name, {"first_name": "Ada &amp; Kim", "last_name": "O&#39;Neil"}
		)
		make(
			"ToDo",
			description="<p>R&amp;D: <b>5 &lt; 6</b></p>",
			allocated_to=self.user,
			reference_type="Opportunity",
			reference_name=self.name,
		)
		panel = get_panel(self.name)
		self.assertEqual(panel["contacts"][0]["full_name"], "Ada & Kim O'Neil")
		self.assertIn("R&D: 5 < 6", [task["description"] for task in panel["tasks"]])
		entries = get_next_contacts(f"{in_days(2)} 00:00:00", f"{in_days(3)} 00:00:00")
		(entry,) = (each for each in entries if each["name"] == self.name)
		self.assertIn(READ, entry["tooltip"])

	def test_notices(self):
		said = Messages()
		frappe.msgprint(bold("Ada & <Kim>"))
		self.assertEqual(answer(self.name, said)["messages"], ["Ada & <Kim>"])

	def test_what_is_typed_into_an_opportunity_stays_as_typed(self):
		moves.set_values(self.name, {"title": "R&D &lt;b&gt;"})
		self.assertEqual(get_panel(self.name)["doc"]["title"], "R&D &lt;b&gt;")
