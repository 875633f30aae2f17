"""The tree of sales teams: what it refuses, and what renaming, merging and deleting leave."""

import frappe
import frappe.share

from crm_pipeline.exceptions import TeamsInCircle, TeamUserRepeated, TeamUserUnfit
from crm_pipeline.permissions.teams import leads_a_team, people_below, people_of
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_team, make_user, unique

SELLER = "Sales User"


class TestTree(TestCase):
	def setUp(self):
		super().setUp()
		self.boss, self.lead, self.seller = (make_user(SELLER) for _number in range(3))
		self.top = make_team(manager=self.boss)
		self.middle = make_team(parent_team=self.top.name)
		self.low = make_team(self.seller, manager=self.lead, parent_team=self.middle.name)

	def test_people_are_those_of_all_teams_below(self):
		self.assertEqual(people_of(self.boss), [self.boss, *sorted((self.lead, self.seller))])
		self.assertEqual(people_of(self.lead), [self.lead, self.seller])
		self.assertEqual(people_of(self.seller), [self.seller])
		self.assertEqual(people_below(self.middle.name), sorted((self.lead, self.seller)))

	def test_a_team_cannot_be_shared_with_who_would_lead_it(self):
		with self.as_user("Sales Manager"), self.assertRefused(frappe.PermissionError):
			frappe.share.add("Sales Team", self.top.name, self.seller, write=1)

	def test_who_leads(self):
		self.assertTrue(leads_a_team(self.boss))
		self.assertFalse(leads_a_team(self.seller))
		self.middle.update({"manager": self.seller}).save()
		self.assertEqual(people_of(self.seller), [self.seller, self.lead])

	def test_somebody_leads_several_and_is_in_several(self):
		other, colleague = make_team(self.seller, manager=self.lead), make_user(SELLER)
		other.append("members", {"user": colleague})
		other.save()
		self.assertEqual(set(people_of(self.lead)), {self.lead, self.seller, colleague})
		frappe.delete_doc("Sales Team", self.low.name)
		self.assertEqual(set(people_of(self.lead)), {self.lead, self.seller, colleague})
		self.assertEqual(people_of(self.boss), [self.boss])

	def test_no_circle(self):
		for team, parent in ((self.top, self.top), (self.top, self.low), (self.middle, self.low)):
			with self.subTest(team=team.name, parent=parent.name), self.assertRefused(TeamsInCircle):
				team.reload().update({"parent_team": parent.name}).save()
		self.low.reload().update({"parent_team": self.top.name}).save()
		self.middle.reload().update({"parent_team": self.low.name}).save()

	def test_a_user_once_a_team(self):
		for fields in ({"manager": self.seller}, {}):
			members = [self.seller] if fields else [self.seller, self.seller]
			with self.subTest(fields), self.assertRefused(TeamUserRepeated):
				make_team(*members, **fields)

	def test_users_are_enabled_and_work_in_desk(self):
		gone, guest = make_user(SELLER), "Guest"
		frappe.db.set_value("User", gone, "enabled", 0)
		for user in (gone, guest):
			with self.subTest(user):
				with self.assertRefused(TeamUserUnfit):
					make_team(user)
				with self.assertRefused(TeamUserUnfit):
					make_team(manager=user)

	def test_who_is_disabled_later_stays(self):
		frappe.db.set_value("User", self.seller, "enabled", 0)
		self.low.reload().update({"parent_team": self.top.name}).save()
		self.assertIn(self.seller, people_of(self.boss))

	def test_renaming_keeps_the_tree(self):
		frappe.rename_doc("Sales Team", self.middle.name, unique("Renamed"))
		self.assertEqual(people_of(self.boss), [self.boss, *sorted((self.lead, self.seller))])

	def test_merging_keeps_everybody(self):
		other, colleague = make_user(SELLER), make_user(SELLER)
		into = make_team(self.seller, colleague, manager=other)
		frappe.db.set_value("User", self.lead, "enabled", 0)
		below = make_team(self.boss, parent_team=self.low.name)
		frappe.rename_doc("Sales Team", self.low.name, into.name, merge=True)
		into.reload()
		self.assertEqual(into.manager, other)
		self.assertEqual({row.user for row in into.members}, {self.seller, colleague, self.lead})
		self.assertEqual(frappe.db.get_value("Sales Team", below.name, "parent_team"), into.name)
		self.assertEqual(set(people_of(other)), {other, self.seller, colleague, self.lead, self.boss})

	def test_merging_closes_no_circle(self):
		with self.assertRefused(TeamsInCircle):
			frappe.rename_doc("Sales Team", self.top.name, self.low.name, merge=True)
		frappe.rename_doc("Sales Team", self.low.name, self.top.name, merge=True)
		self.assertEqual(set(people_of(self.boss)), {self.boss, self.lead, self.seller})

	def test_a_team_with_others_below_is_not_deleted(self):
		with self.assertRefused(frappe.LinkExistsError):
			frappe.delete_doc("Sales Team", self.middle.name)
		frappe.delete_doc("Sales Team", self.low.name)
		frappe.delete_doc("Sales Team", self.middle.name)
		self.assertEqual(people_of(self.boss), [self.boss])


class TestRights(TestCase):
	def test_managers_write_and_salespeople_read(self):
		team = make_team(manager=make_user(SELLER))
		with self.as_user(SELLER):
			self.assertTrue(frappe.has_permission("Sales Team", "read", team.name))
			with self.assertRefused(frappe.PermissionError):
				team.reload().append("members", {"user": frappe.session.user})
				team.save()
			with self.assertRefused(frappe.PermissionError):
				make_team(manager=frappe.session.user)
		with self.as_user("Sales Manager"):
			team.reload().append("members", {"user": frappe.session.user})
			team.save()
		self.assertIn(team.members[0].user, people_of(team.manager))
