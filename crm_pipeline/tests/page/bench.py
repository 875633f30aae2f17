"""A bench that serves the page: what tests made there is deleted, and what it holds is compared with what it held."""

import os
from functools import cached_property

from crm_pipeline.constants import MODULE
from crm_pipeline.tests.page.rest import Rest
from crm_pipeline.tests.page.servers import ADMINISTRATOR, Server

AT_ONCE = 100  # records that one request makes
SUBMITTED = 1  # Frappe's docstatus
# What tests make, in the order in which it can be deleted: what names another before what it names.
MADE = (
	"Email Queue",  # also of assignments, where mails go out
	"File",
	"Email Template",
	"Email Account",
	"Pipeline View",
	"User Permission",
	"Quotation",
	"ToDo",
	"Event",
	"Communication",
	"Opportunity",
	"Pipeline Write",
	"Notification Log",
	"Comment",
	"Customer",
	"Workflow State",  # named as a stage is that was renamed
)
# What Frappe writes by itself when somebody signs in, deletes, renames or saves; it may stay.
NOTED_BY_FRAPPE = {
	"Access Log",
	"Activity Log",
	"Contact",  # of a user whose language was changed
	"Deleted Document",
	"Error Log",  # of assignments, where no mail goes out
	"Permission Log",
	"Route History",
	"Scheduled Job Log",
	"Version",
}
MOMENTS = {"creation", "modified", "modified_by"}
DocTypes = dict[str, dict[str, dict]]  # by DocType and name, what a record says as far as that is compared


class Bench(Server):
	"""Serves a site of a bench that was there before, and is left as it was."""

	@cached_property
	def admin(self) -> Rest:
		"""The administrator's session, one for all tests; no page is shown in it, which would ask for tokens from then on."""
		return self.new_session(self.administrator)

	def sign_in(self, user: str) -> Rest:
		return self.admin if user == self.administrator else super().sign_in(user)

	def keep(self) -> None:
		"""Take what the site has now for what it is to have in the end."""
		self.before = self.records()

	def restore(self) -> None:
		"""Put back the languages of users and delete what was made; tests put back the rest themselves."""
		super().restore()
		for doctype in MADE:
			for name in self.names_in(doctype) - self.before[doctype].keys():
				self.delete(doctype, name)

	def delete(self, doctype: str, name: str) -> None:
		"""Delete a record, unless what named it took it along: at once, or a worker a moment ago.

		What is submitted is cancelled first.
		"""
		try:
			if self.admin.get(doctype, name)["docstatus"] == SUBMITTED:
				self.admin.call("frappe.client.cancel", doctype=doctype, name=name)
			self.admin.delete(doctype, name)
		except RuntimeError:
			if name in self.names_in(doctype):
				raise

	def make_many(self, rest: Rest, title: str, count: int, values: dict) -> None:
		docs = [
			{"doctype": "Opportunity", **values, "title": title.format(number)} for number in range(count)
		]
		for start in range(0, count, AT_ONCE):
			rest.call("frappe.client.insert_many", docs=docs[start : start + AT_ONCE])

	def differences(self) -> list[str]:
		"""Return a line for each record that came, went or says something else than before."""
		after = self.records()
		return [
			f"{'-' if name in self.before[doctype] else ''}{'+' if name in rows else ''} {doctype} {name}"
			for doctype, rows in after.items()
			for name in sorted(self.before[doctype].keys() | rows.keys())
			if self.before[doctype].get(name) != rows.get(name)
		]

	def records(self) -> DocTypes:
		"""Return which records there are, and what ours say and the settings."""
		found: DocTypes = {}
		kinds = self.admin.get_list("DocType", {"istable": 0, "is_virtual": 0}, "name", "module", "issingle")
		for kind in kinds:
			doctype, is_ours = kind["name"], kind["module"] == MODULE
			if doctype in NOTED_BY_FRAPPE:
				continue
			if kind["issingle"]:
				rows = [self.admin.get(doctype, doctype)] if is_ours or doctype == "System Settings" else []
			else:
				rows = self.admin.get_list(doctype, {}, "*" if is_ours else "name")
			found[doctype] = {row["name"]: what_is_said(row) for row in rows}
		return found

	def names_in(self, doctype: str) -> set[str]:
		return {row["name"] for row in self.admin.get_list(doctype, {}, "name")}


def what_is_said(row: dict) -> dict:
	return {key: value for key, value in row.items() if key not in MOMENTS}


def from_environment() -> Bench | None:
	"""Return the bench that PAGE_URL names, None where it names none."""
	url = os.environ.get("PAGE_URL")
	if not url:
		return None
	user, password = os.environ.get("PAGE_USER", ADMINISTRATOR), os.environ["PAGE_PASSWORD"]
	return Bench(url, user, password, os.environ.get("PAGE_PEOPLE_PASSWORD", "demo"))
