"""Puts the app on a site without it, works with it and takes it off again; says what differs afterwards.

python -m crm_pipeline.tests.leaving SITE, in the folder of the sites. Everything is committed.
"""

import sys

import frappe
from frappe.installer import install_app, remove_app
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.install import APP
from crm_pipeline.tests import tables
from crm_pipeline.utils.search_index import DOCTYPES

# What Frappe keeps, whichever app comes or goes: that it did, numbers of its own calendar entries, and since 16 who
# gave which roles to whom, and that nobody has settings for a list.
BY_FRAPPE = (
	*("doctype=Installed Applications", "tabSeries name=EV", "tabSeries current="),
	*("tabPermission Log ", "__UserSettings user=Administrator doctype=Event data={}"),
)


def main(site: str) -> list[str]:
	connect(site)
	before = tables.contents()
	install_app(APP)
	frappe.db.commit()
	connect(site)
	work()
	frappe.db.commit()
	connect(site)
	remove_app(APP, yes=True, no_backup=True)
	frappe.db.commit()
	connect(site)
	lines = tables.differences(before, tables.contents())
	return [line for line in lines if not is_frappes(line)]


def is_frappes(line: str) -> bool:
	"""Tell whether a difference is Frappe's own doing, whose search indexes its own records when it gets to it."""
	if line.startswith("+ __global_search "):
		return not any(f"doctype={doctype} " in line for doctype in DOCTYPES)
	return any(words in line for words in BY_FRAPPE)


def connect(site: str) -> None:
	"""As another process would: with nothing in mind."""
	frappe.destroy()
	frappe.init(site)
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.mute_emails = True


def work() -> None:
	"""Leave traces of every kind."""
	from crm_pipeline.demo.build import build
	from crm_pipeline.tests import factories

	build(3)
	user = frappe.get_all("Demo Record", {"reference_doctype": "User"}, pluck="reference_name")[0]
	opportunity = factories.make_party_opportunity(
		next_contact_by=user, next_contact_date=add_to_date(now_datetime(), days=2), opportunity_owner=user
	)
	opportunity.add_comment("Comment", "Called twice")
	frappe.share.add("Opportunity", opportunity.name, user)
	factories.make("ToDo", description="Call", reference_type="Opportunity", reference_name=opportunity.name)
	factories.make_mail(opportunity)
	factories.make_quotation(opportunity)
	opportunity.reload().update({"to_discuss": "Price"}).save()
	gone = factories.make_opportunity()
	frappe.delete_doc("Opportunity", gone.name)
	frappe.db.set_value(
		"Lead Source", frappe.get_all("Lead Source", pluck="name")[0], "description", "Edited"
	)
	frappe.rename_doc("Lost Reason", factories.make_lost_reason().name, factories.unique("Renamed"))


if __name__ == "__main__":
	print("\n".join(main(sys.argv[1])))
