"""What the tests of the list of activities share: an opportunity with tasks and entries of the calendar, at a known moment."""

import frappe

from crm_pipeline.api import activity_list
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_opportunity, make_user, unique

ZONE = "Etc/UTC"
MORNING, NOW = "2031-01-06 08:00:00", "2031-01-08 12:00:00"  # a Monday, and the Wednesday after it


def begin_weeks(day: str) -> None:
	frappe.db.set_single_value("System Settings", "first_day_of_the_week", day)
	frappe.db.set_default("first_day_of_the_week", day)  # as saving the settings does; 16 looks there
	frappe.clear_cache()


class ActivityListCase(TestCase):
	def setUp(self):
		super().setUp()
		self.seller = make_user("Sales User")
		self.word = unique("Word").split()[1]
		frappe.db.set_single_value("System Settings", "time_zone", ZONE)
		frappe.db.set_value("User", frappe.session.user, "time_zone", ZONE)
		begin_weeks("Monday")
		self.addCleanup(frappe.clear_cache)
		self.opportunity = self.make()

	def make(self, **fields):
		with self.at(MORNING):
			return make_opportunity(
				title=f"{unique('Crane')} {self.word}", **{"opportunity_owner": self.seller, **fields}
			)

	def task(self, **fields):
		about = {"reference_type": "Opportunity", "reference_name": fields.pop("on", self.opportunity).name}
		values = {"description": "<p>Send <b>it</b></p>", "allocated_to": self.seller, **about, **fields}
		with self.at(MORNING):
			task = make("ToDo", **values)
			if "date" in fields and not fields["date"]:
				task.db_set("date", None)  # Frappe's default is today
			return task

	def event(self, starts_on: str, **fields):
		guest = {"reference_doctype": "Opportunity", "reference_docname": self.opportunity.name}
		values = {"subject": "Visit", "event_type": "Public", "event_participants": [guest], **fields}
		return make("Event", starts_on=starts_on, **values)

	def asked(self, now: str = NOW, scope: str = "all", **arguments) -> dict:
		filters = {"scope": scope, "text": self.word, **arguments.pop("filters", {})}
		with self.at(now):
			return activity_list.get_activities(filters, **arguments)

	def records(self, now: str = NOW, **arguments) -> dict[str, list[str]]:
		"""The records of each section that has some; as many as it counts."""
		found = {}
		for section in self.asked(now, **arguments)["sections"]:
			names = [row["record"] for row in section["rows"]]
			self.assertEqual(len(names), section["count"], section["key"])
			found |= {section["key"]: names} if names else {}
		return found
