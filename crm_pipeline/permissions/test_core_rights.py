"""What core grants by default, and to whom: the app's own rights stand on it."""

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_opportunity, make_user, unique
from crm_pipeline.tests.http import Api
from crm_pipeline.tests.rest import RestTestCase

RIGHTS = ("read", "write", "create", "delete", "report", "export", "share")


class TestDefaults(TestCase):
	def granted(self, doctype: str, *roles: str) -> set[str]:
		with self.as_user(*roles):
			return {right for right in RIGHTS if frappe.has_permission(doctype, right)}

	def test_each_role_gets_what_core_gives_it(self):
		for doctype, role, rights in (
			("Currency", "Sales User", {"read"}),
			("Language", "Sales User", {"read"}),
			("Gender", "Sales User", {"read"}),
			("Email Template", "Sales User", {"read"}),
			("Email Account", "Inbox User", {"read"}),
			("Contact", "Sales User", {"read", "write", "create", "report", "share"}),
			("Address", "Sales User", {"read", "write", "create", "report", "share"}),
			("ToDo", "Sales User", {"read", "write", "create", "delete", "report", "share"}),
			("Version", "System Manager", {"read", "report", "export"}),
			("System Settings", "System Manager", {"read", "write", "create", "share"}),
			("Patch Log", "System Manager", {"read", "report", "export"}),
			("Activity Log", "System Manager", {"read", "report", "share"}),
			("Module Def", "Sales User", {"read", "report"}),
			("DocShare", "Sales User", set()),
			("User", "Sales Manager", {"read", "write", "share"}),  # their own, which is shared with them
		):
			with self.subTest(doctype=doctype, role=role):
				self.assertEqual(self.granted(doctype, role), rights)

	def test_a_report_is_not_open_to_website_users(self):
		user = make_user()
		self.assertFalse(frappe.has_permission("Report", "read", user=user))

	def test_a_private_board_is_its_owners(self):
		with self.as_user("Sales User") as owner:
			values = {"reference_doctype": "Opportunity", "field_name": "status", "private": 1}
			board = make("Kanban Board", kanban_board_name=unique("Board"), **values)
			names = frappe.get_list("Kanban Board", {"name": board.name}, pluck="name")
			self.assertEqual((board.owner, names), (owner, [board.name]))
		with self.as_user("Sales User"):
			self.assertEqual(frappe.get_list("Kanban Board", {"name": board.name}), [])
			self.assertFalse(board.has_permission("read"))

	def test_notification_settings_are_each_users_own(self):
		with self.as_user("Sales User") as user:
			self.assertTrue(frappe.get_doc(doctype="Notification Settings", name=user).has_permission("read"))
			other = frappe.get_doc(doctype="Notification Settings", name="Administrator")
			self.assertFalse(other.has_permission("read"))
			listed = frappe.get_list("Notification Settings", pluck="name")
			self.assertLessEqual(set(listed), {user})


class TestOwnUser(RestTestCase):
	roles = ("Sales User",)

	def path(self, user: str) -> str:
		return f"/api/resource/User/{user}"

	def test_users_read_and_change_their_own_record_and_no_other(self):
		answer = self.api.get(self.path(self.api.user))
		self.assertEqual((answer.status_code, answer.json["data"]["name"]), (200, self.api.user))
		self.assertEqual(self.api.put(self.path(self.api.user), last_name="Byron").status_code, 200)
		self.assertEqual(frappe.db.get_value("User", self.api.user, "last_name"), "Byron")
		other = Api("Sales User")
		self.made.append(("User", other.user))
		self.assertAnswer(self.api.get(self.path(other.user)), 403, "PermissionError")
		self.assertAnswer(self.api.put(self.path(other.user), last_name="X"), 403, "PermissionError")

	def test_nobody_gives_themselves_a_role(self):
		answer = self.api.put(self.path(self.api.user), roles=[{"role": "System Manager"}])
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		roles = frappe.get_all("Has Role", {"parent": self.api.user}, pluck="role")
		self.assertEqual(roles, ["Sales User"])

	def test_what_a_user_alone_knew_goes_with_them(self):
		user = make_user("Sales User")
		self.assertEqual(frappe.db.count("DocShare", {"user": user}), 1)
		event = make("Event", subject=unique("Private"), starts_on="2199-01-01", event_type="Private")
		frappe.db.set_value("Event", event.name, "owner", user)
		frappe.delete_doc("User", user)
		self.assertFalse(frappe.db.exists("Event", event.name))
		self.assertEqual(frappe.db.count("DocShare", {"user": user}), 0)


class TestShared(RestTestCase):
	roles = ("Sales User", "Sales Manager", "System Manager")

	def test_a_shared_record_can_be_deleted(self):
		name = make_opportunity(owner=self.api.user).name
		frappe.share.add("Opportunity", name, self.api.user, write=1, share=1)
		frappe.db.commit()
		answer = self.api.delete(f"/api/resource/Opportunity/{name}")
		self.assertEqual(answer.status_code, 202, answer.get_data(as_text=True))

	def test_sharing_can_be_switched_off(self):
		name = self.create("Opportunity", title=unique("Shared"))["name"]
		frappe.db.set_single_value("System Settings", "disable_document_sharing", 1)
		frappe.clear_document_cache("System Settings", "System Settings")
		frappe.db.commit()
		try:
			values = {"doctype": "Opportunity", "name": name, "user": "Administrator"}
			answer = self.api.post("/api/method/frappe.share.add", **values)
		finally:
			frappe.db.set_single_value("System Settings", "disable_document_sharing", 0)
			frappe.clear_document_cache("System Settings", "System Settings")
			frappe.db.commit()
		self.assertAnswer(answer, 403, "PermissionError")
