"""Changes that jobs write with one statement, told one by one to what listens on a site, if its settings say so.

Who listens to `on_change`: Notifications on a value, Webhooks, server scripts and other apps.
"""

from datetime import datetime

import frappe
from frappe.model.document import Document

from crm_pipeline.utils.batches import one_by_one

ANNOUNCED = ("Status", "Owner")
BATCH_SIZE = 500  # changes in one job


def announce(change: str, field: str, moment: datetime) -> None:
	"""Let the queue tell of the changes of one kind that were written at a moment.

	Args:
		change: the kind, as Pipeline Change names it.
		field: of the opportunity.
	"""
	if change not in ANNOUNCED or not frappe.get_cached_doc("Selling Settings").announces_changes_of_jobs():
		return
	written = {"change": change, "at": moment, "by": frappe.session.user}
	rows = frappe.get_all("Pipeline Change", written, ["opportunity", "old_value"], order_by="opportunity")
	for start in range(0, len(rows), BATCH_SIZE):
		former = {row.opportunity: row.old_value for row in rows[start : start + BATCH_SIZE]}
		frappe.enqueue(run_on_change, queue="long", enqueue_after_commit=True, field=field, former=former)


def run_on_change(field: str, former: dict[str, str]) -> None:
	"""Run `on_change` of opportunities; one for which it fails is logged.

	Args:
		former: what each said in the field before.
	"""
	one_by_one(former, lambda name: _run_on_change(name, field, former[name]))


def _run_on_change(name: str, field: str, former: str) -> None:
	if not frappe.db.exists("Opportunity", name):
		return
	before, opportunity = (frappe.get_doc("Opportunity", name) for _each in range(2))
	before.set(field, former)
	opportunity._doc_before_save = before
	fetch_anew(opportunity, field)
	opportunity.run_method("on_change")


def fetch_anew(opportunity: Document, link: str) -> None:
	"""Fill the fields that a site added to be fetched through a link."""
	sources = {
		df.fieldname: source
		for df in opportunity.meta.fields
		if df.get("is_custom_field")
		for through, _dot, source in [(df.fetch_from or "").partition(".")]
		if through == link
	}
	if sources:
		linked = frappe.db.get_value(
			opportunity.meta.get_field(link).options,
			opportunity.get(link),
			list(sources.values()),
			as_dict=True,
		)
		values = {field: linked and linked[source] for field, source in sources.items()}
		opportunity.update(values)
		frappe.db.set_value("Opportunity", opportunity.name, values, update_modified=False)
