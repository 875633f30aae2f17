"""What hangs on the calendar entry of a next contact, once the entry goes.

Frappe writes a Communication for each contact who takes part in an Event, and deletes all Communications of an Event
with it, if the user may delete Communications; whoever ends an opportunity need not.
"""

import frappe
from frappe.query_builder.functions import Coalesce

from crm_pipeline.utils.bulk_sql import Value, in_list


def release_communications(events: list[str]) -> None:
	"""Leave mails about calendar entries with their opportunities, and delete what Frappe wrote of the entries."""
	communication = frappe.qb.DocType("Communication")
	hanging = (communication.reference_doctype == "Event") & communication.reference_name.isin(
		in_list(events)
	)
	query = frappe.qb.from_(communication).where(hanging)
	rows = query.select(communication.name, Coalesce(communication.message_id, "")).run()
	if not rows:
		return
	_move_to_opportunities([name for name, message_id in rows if message_id])
	_delete([name for name, message_id in rows if not message_id])


def _move_to_opportunities(mails: list[str]) -> None:
	communication, opportunity = frappe.qb.DocType("Communication"), frappe.qb.DocType("Opportunity")
	owner = (
		frappe.qb.from_(opportunity)
		.select(opportunity.name)
		.where(opportunity.follow_up_event == communication.reference_name)
		.limit(1)
	)
	frappe.qb.update(communication).set(communication.reference_name, Value(owner)).set(
		communication.reference_doctype, "Opportunity"
	).where(communication.name.isin(in_list(mails))).run()


def _delete(names: list[str]) -> None:
	for doctype, field in (("Communication Link", "parent"), ("Communication", "name")):
		table = frappe.qb.DocType(doctype)
		frappe.qb.from_(table).delete().where(table[field].isin(in_list(names))).run()
