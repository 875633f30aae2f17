"""Saved views are their makers'; shared ones are read by all who read opportunities, and changed by nobody else."""

import frappe

from crm_pipeline.exceptions import OpportunitiesSwitchedOff, UnsafeLink
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_user, unique
from crm_pipeline.tests.http import Api
from crm_pipeline.tests.limited import settings
from crm_pipeline.tests.rest import RestTestCase

PATH = "/api/resource/Pipeline View"


class TestOverRest(RestTestCase):
	roles = ("Sales User",)

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.other, cls.buyer = Api("Sales Manager"), Api("Purchase User")
		cls.made += [("User", cls.other.user), ("User", cls.buyer.user)]

	def view(self, **values) -> str:
		query = "view=list&state=overdue&q=M%C3%BCller"
		return self.create("Pipeline View", **{"title": unique("View"), "query": query, **values})["name"]

	def names(self, api: Api) -> list[str]:
		return [row["name"] for row in api.get(PATH, limit_page_length=0).json["data"]]

	def test_ones_own(self):
		name = self.view()
		self.assertIn(name, self.names(self.api))
		self.assertEqual(self.api.put(f"{PATH}/{name}", title="Mine").json["data"]["title"], "Mine")
		self.assertEqual(self.api.delete(f"{PATH}/{name}").status_code, 202)
		self.made.remove(("Pipeline View", name))

	def test_what_others_keep_for_themselves_is_not_there(self):
		name = self.view()
		for api in (self.other, self.buyer):
			self.assertNotIn(name, self.names(api))
			for answer in (
				api.get(f"{PATH}/{name}"),
				api.put(f"{PATH}/{name}", shared=1),
				api.delete(f"{PATH}/{name}"),
			):
				self.assertEqual(answer.status_code, 404)

	def test_what_is_shared_is_read_only(self):
		name = self.view(shared=1)
		for api in (self.other, self.buyer):
			self.assertIn(name, self.names(api))
			self.assertEqual(api.get(f"{PATH}/{name}").json["data"]["shared"], 1)
			self.assertEqual(api.put(f"{PATH}/{name}", title="Theirs").status_code, 403)
			self.assertEqual(api.delete(f"{PATH}/{name}").status_code, 403)
		self.api.put(f"{PATH}/{name}", shared=0)
		self.assertNotIn(name, self.names(self.other))

	def test_who_reads_no_opportunities_reads_no_views(self):
		self.view(shared=1)
		stranger = Api()
		self.made.append(("User", stranger.user))
		self.assertEqual(stranger.get(PATH).status_code, 403)


class TestQuery(TestCase):
	def test_it_is_what_follows_the_question_mark(self):
		view = make("Pipeline View", title="A", query=" ?owner=a%40example.org&state=overdue ")
		self.assertEqual(view.query, "owner=a%40example.org&state=overdue")
		self.assertEqual(make("Pipeline View", title="All").query, "")

	def test_nothing_else(self):
		for query in ("a=<b>", "a b", "javascript:alert(1)#x", 'a="b"', "a" * 4001, "a\nb"):
			with self.subTest(query=query[:20]), self.assertRefused(UnsafeLink):
				make("Pipeline View", title="A", query=query)

	def test_off_with_opportunities(self):
		make("Pipeline View", title="A", shared=1)
		user = make_user("Sales User")
		settings(disable_opportunities=1)
		frappe.set_user(user)
		with self.assertRefused(OpportunitiesSwitchedOff):
			frappe.get_list("Pipeline View")
