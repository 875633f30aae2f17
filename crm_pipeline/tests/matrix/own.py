"""The app's own endpoints: for each whitelisted function and document method, how to ask it about what is hidden."""

from dataclasses import dataclass, field

from crm_pipeline.tests.matrix.judging import METHOD, Ask, get, in_days, post
from crm_pipeline.tests.matrix.paths import fill
from crm_pipeline.tests.matrix.world import World

API = "crm_pipeline.api"
DOCTYPES = "crm_pipeline.crm_pipeline.doctype"
OPPORTUNITY = f"{DOCTYPES}.opportunity"
DESK = "crm_pipeline.permissions.desk_overrides"
EXPORTS = "crm_pipeline.permissions.exports"
SEARCH = "crm_pipeline.permissions.desk_search"
ACTIONS = "crm_pipeline.permissions.desk_actions"
PIPELINE_DOCTYPES = ("Opportunity", "Quotation", "Supplier Quotation")
SPAN = {"start": in_days(-40), "end": in_days(40)}
PARTIES = ("Opportunity", "Customer", "Lead", "Quotation", "Supplier Quotation")


@dataclass
class Entry:
	"""Calls of one endpoint, each with values; NAME stands for the name of the record, WORD for its word.

	`about` is the record by its row in `table.py`. `writes` are refused to everybody who may not change it.
	"""

	about: str = "Opportunity"
	values: dict = field(default_factory=dict)
	writes: bool = False
	truth: bool = False


def _each(doctypes=PARTIES, **values) -> list[Entry]:
	return [Entry(each, {"doctype": each, "name": "NAME", **values}) for each in doctypes]


def _mapper(about: str) -> list[Entry]:
	return [Entry(about, {"source_name": "NAME"})]


def _method(**values) -> list[Entry]:
	return [Entry("Opportunity", values, writes=True)]


MOVES: dict[str, dict] = {
	"move_to_stage": {"sales_stage": "STAGE", "from_stage": "STAGE"},
	"declare_lost": {"lost_reasons": ["Price"]},
	"mark_won": {},
	"pause": {"until": in_days(5)},
	"resume": {},
	"reopen": {},
	"set_values": {"values": {"title": "changed"}},
	"complete_follow_up": {"outcome": "Reached"},
	"snooze_follow_up": {"until": f"{in_days(5)} 10:00:00"},
	"undo": {"version": "none"},
}

MEASURED = {
	"sales_process": "PROCESS",
	"sales_stage": "STAGE",
	"probability": -1,
	"measured": 50,
	"former": 50,
}

FUNCTIONS: dict[str, list[Entry]] = {
	f"{API}.activities.activities": _each(),
	f"{API}.activities.add_activity": [
		Entry(values={"opportunity": "NAME", "kind": "Note", "text": "Reached"}, writes=True)
	],
	f"{API}.activities.add_task": [Entry(values={"opportunity": "NAME", "description": "Call"}, writes=True)],
	f"{API}.activity_list.get_activities": [
		Entry(values={"limit": 200}),
		Entry(values={"filters": {"text": "WORD", "scope": "user:OWNER"}, "section": "done"}),
	],
	f"{API}.activity_list.set_done": [
		Entry("ToDo", {"doctype": "ToDo", "name": "NAME", "opportunity": ""}, writes=True)
	],
	f"{API}.activity_list.move_activity": [
		Entry(
			"ToDo",
			{"doctype": "ToDo", "name": "NAME", "opportunity": "", "to": in_days(5)[:10]},
			writes=True,
		)
	],
	f"{API}.activities.finish_task": [Entry("ToDo", {"task": "NAME"}, writes=True)],
	f"{API}.activities.get_mail_draft": [Entry(values={"opportunity": "NAME"})],
	f"{API}.panel.get_panel": [Entry(values={"opportunity": "NAME"})],
	f"{API}.panel.get_timeline": [Entry(values={"opportunity": "NAME"})],
	f"{API}.panel.get_choices": [Entry()],
	f"{API}.opportunities.act_on_many": [
		Entry(
			values={
				"opportunities": ["NAME"],
				"action": "pause",
				"args": {"until": in_days(5)},
			},
			writes=True,
		)
	],
	f"{API}.opportunities.undo_many": [
		Entry(values={"versions": {"NAME": "0123456789"}}, writes=True),
	],
	f"{API}.assignment.get_rules": [Entry()],
	f"{API}.assignment.enable_rule": [
		Entry(values={"rule": "Opportunities in Turn", "users": []}, writes=True)
	],
	f"{API}.assignment.disable_rule": [Entry(values={"rule": "Opportunities in Turn"}, writes=True)],
	f"{API}.auto_close.preview_auto_close": [Entry(values={"day": in_days(60), "limit": 500})],
	f"{API}.auto_close.undo_auto_close": [Entry("Auto Close Batch", {"batch": "NAME"}, writes=True)],
	f"{API}.calendar.get_next_contacts": [
		Entry(values=SPAN),
		Entry(values={**SPAN, "filters": {"campaign": "WORD"}}, truth=True),
		Entry(values={**SPAN, "filters": [["Opportunity Item", "description", "=", "WORD"]]}, truth=True),
	],
	f"{API}.handover.preview_handover": [Entry(values={"leaver": "OWNER"})],
	f"{API}.handover.hand_over": [Entry(values={"leaver": "OWNER", "successor": "SELF"}, writes=True)],
	f"{API}.history.get_progress": [Entry(values={"opportunity": "NAME"})],
	**{
		f"{API}.moves.{name}": [Entry(values={"opportunity": "NAME", **values}, writes=True)]
		for name, values in MOVES.items()
	},
	f"{API}.opportunities.declare_lost": [
		Entry(values={"opportunities": ["NAME"], "lost_reasons": ["Price"]}, writes=True)
	],
	f"{API}.party_history.party_history": _each(("Opportunity", "Customer", "Lead")),
	f"{API}.pipeline.get_board": [
		Entry(values={"sales_process": "PROCESS", "limit_per_stage": 200}),
		Entry(values={"sales_process": "PROCESS", "filters": {"text": "WORD", "state": "no_step"}}),
		Entry(values={"sales_process": "PROCESS", "all_processes": 1}),
		Entry(),
	],
	f"{API}.pipeline.get_cards": [Entry(values={"sales_process": "PROCESS", "stage": "STAGE", "limit": 200})],
	f"{API}.pipeline.get_forecast": [
		Entry(values={"sales_process": "PROCESS", "limit_per_column": 200}),
		Entry(values={"sales_process": "PROCESS", "filters": {"text": "WORD"}}),
		Entry(),
	],
	f"{API}.pipeline.get_forecast_cards": [
		Entry(values={"sales_process": "PROCESS", "column": "none", "limit": 200})
	],
	f"{API}.pipeline.get_list": [
		Entry(values={"limit": 200}),
		Entry(values={"filters": {"text": "WORD"}, "order_by": "amount"}),
		Entry(values={"filters": {"owner": ["OWNER"]}, "sales_process": "PROCESS", "order_by": "owner"}),
	],
	f"{API}.pipeline.get_postponed": [
		Entry(),
		Entry(values={"filters": {"text": "WORD"}, "sales_process": "PROCESS"}),
	],
	f"{API}.pipeline.changes_since": [
		Entry(values={"since": in_days(-2)}),
		Entry(values={"since": in_days(2), "shown": ["NAME"]}),
	],
	f"{API}.my_day.get_my_day": [
		Entry(values={"scope": "all", "limit": 200}),
		Entry(values={"scope": "user:OWNER"}),
		Entry(values={"filters": {"scope": "all", "text": "WORD"}, "limit": 200}),
	],
	f"{API}.search.search_opportunities": [
		Entry(values={"text": "WORD", "limit": 100}),
		Entry(values={"text": "NAME"}),
	],
	f"{API}.charges.get_charges": [
		Entry("Sales Taxes and Charges Template", {"currency": "USD", "template": "NAME"})
	],
	f"{API}.probabilities.preview_measured_probabilities": [Entry(values={"filters": {"fewest": 1}})],
	f"{API}.probabilities.apply_measured_probabilities": [
		Entry(values={"stages": [MEASURED], "filters": {"fewest": 1}}, writes=True)
	],
	f"{API}.probabilities.undo_measured_probabilities": [
		Entry(values={"changed": [MEASURED], "at": f"{in_days(-1)} 10:00:00"}, writes=True)
	],
	f"{API}.follow_ups.count_my_follow_ups": [Entry()],
	f"{API}.pipeline.count_overdue": [Entry()],
	f"{API}.pipeline.count_rotting": [Entry()],
	f"{API}.number_cards.count_my_open": [Entry()],
	f"{API}.number_cards.count_past_closing": [Entry()],
	f"{API}.gaps.get_gaps": [Entry()],
	f"{API}.charts.get_weighted_trend": [
		Entry(),
		Entry(values={"filters": {"opportunity_owner": ["OWNER"], "sales_process": ["PROCESS"]}}),
	],
	f"{API}.openapi.describe": [Entry()],
	f"{API}.setup.get_setup_warnings": [Entry()],
	"crm_pipeline.api.currency.get_conversion_rate": [Entry("Currency Exchange", {"currency": "EUR"})],
	f"{API}.supplier_rates.compare_supplier_rates": [Entry(values={"opportunity": "NAME"})],
	f"{API}.supplier_rates.price_supplier_rates": [Entry(values={"opportunity": "NAME", "picks": []})],
	f"{API}.supplier_rates.make_quotation_from_supplier_rates": [
		Entry(values={"opportunity": "NAME", "picks": []})
	],
	f"{API}.quotations.quotation_warnings": [Entry("Quotation", {"quotation": "NAME"})],
	f"{OPPORTUNITY}.mapping.make_quotation": _mapper("Opportunity"),
	f"{OPPORTUNITY}.mapping.make_supplier_quotation": _mapper("Opportunity"),
	f"{OPPORTUNITY}.mapping.make_customer": _mapper("Opportunity"),
	f"{OPPORTUNITY}.mapping.make_opportunity_from_contact": [Entry("Customer", {"source_name": "CONTACT"})],
	f"{DOCTYPES}.lead.lead.make_opportunity": _mapper("Lead"),
	f"{DOCTYPES}.lead.lead.make_customer": _mapper("Lead"),
	f"{DOCTYPES}.quotation.revision.make_revision": _mapper("Quotation"),
	f"{DOCTYPES}.supplier_quotation.supplier_quotation.make_quotation": _mapper("Supplier Quotation"),
	f"{DESK}.get_count": [
		Entry(each, {"doctype": each, "filters": {"name": "NAME"}}, truth=True) for each in PARTIES
	],
	f"{SEARCH}.search_link": [Entry(each, {"doctype": each, "txt": "WORD"}, truth=True) for each in PARTIES],
	f"{SEARCH}.search_widget": [
		Entry(each, {"doctype": each, "txt": "WORD"}, truth=True) for each in PARTIES
	],
	f"{SEARCH}.get_link_title": [Entry(each, {"doctype": each, "docname": "NAME"}) for each in PARTIES],
	f"{SEARCH}.search_everywhere": [Entry(each, {"text": "WORD"}, truth=True) for each in PARTIES],
	f"{DESK}.get_open_count": [Entry(each, {"doctype": each, "name": "NAME"}) for each in PARTIES],
	f"{DESK}.get_chart": [Entry(values={"chart_name": "Pipeline by Stage"})],
	f"{DESK}.get_group_by_count": [
		Entry(
			values={
				"doctype": "Opportunity",
				"current_filters": [["Opportunity", "campaign", "=", "WORD"]],
				"field": each,
			},
			truth=True,
		)
		for each in ("assigned_to", "owner")
	],
	f"{DESK}.get": [
		*(Entry(each, {"doctype": each, "name": "NAME"}) for each in PARTIES),
		Entry(values={"doctype": "Opportunity", "filters": {"campaign": "WORD"}}),
	],
	f"{API}.currency.get_rate": [Entry("Currency Exchange", {"currency": "EUR"})],
	f"{API}.supplier_requests.request_rates": [
		Entry(values={"opportunity": "NAME", "suppliers": []}, writes=True)  # nobody is asked
	],
	f"{API}.supplier_requests.resend_request": [Entry("Supplier Quotation", {"name": "NAME"}, writes=True)],
	f"{API}.supplier_requests.cancel_request": [Entry("Supplier Quotation", {"name": "NAME"}, writes=True)],
	f"{API}.parties.find_same_name": [
		Entry(each, {"doctype": each, "name": "WORD"}) for each in ("Customer", "Supplier")
	],
	"crm_pipeline.overrides.communication.relink": [
		Entry(
			values={"name": "MAIL", "reference_doctype": "Opportunity", "reference_name": "NAME"},
			writes=True,
		)
	],
	"crm_pipeline.overrides.bulk_actions.submit_cancel_or_update_docs": [
		Entry(
			each,
			{"doctype": each, "docnames": '["NAME"]', "action": "update", "data": '{"title": "changed"}'},
			writes=True,
		)
		for each in PIPELINE_DOCTYPES
	],
	"crm_pipeline.overrides.kanban_board.update_order_for_single_card": [
		Entry(
			values={
				"board_name": "Opportunity Status",
				"docname": "NAME",
				"from_colname": "Open",
				"to_colname": "Replied",
				"old_index": 0,
				"new_index": 0,
			},
			writes=True,
		)
	],
	"crm_pipeline.overrides.kanban_board.update_order": [
		Entry(values={"board_name": "Opportunity Status", "order": {"Replied": ["NAME"]}}, writes=True)
	],
	f"{SEARCH}.validate_link": [
		Entry(each, {"doctype": each, "docname": "NAME"}, truth=True) for each in PARTIES
	],
	f"{DESK}.get_tagged_docs": [Entry(values={"doctype": "Opportunity", "tag": ""})],
	f"{DESK}.get_card_result": [
		Entry(
			values={
				"doc": {
					"document_type": "Opportunity",
					"function": function,
					"aggregate_function_based_on": "total",
				},
				"filters": [["Opportunity", "campaign", "=", "WORD"]],
			},
			truth=True,
		)
		for function in ("Count", "Sum")
	],
	f"{DESK}.get_workspace_sidebar_items": [Entry()],
	f"{EXPORTS}.download_template": [
		Entry(each, {"doctype": each, "export_fields": {each: ["name"]}, "export_records": "all"})
		for each in ("Opportunity", "Quotation")
	],
	f"{EXPORTS}.export_data": [
		Entry(each, {"doctype": each, "with_data": 1}) for each in ("Opportunity", "Quotation")
	],
	f"{ACTIONS}.toggle_like": [
		Entry(each, {"doctype": each, "name": "NAME", "add": "Yes"}, writes=True)
		for each in PIPELINE_DOCTYPES
	],
	f"{ACTIONS}.add": [
		Entry(each, {"doctype": each, "name": "NAME", "assign_to": ["SELF"]}, writes=True)
		for each in PIPELINE_DOCTYPES
	],
	f"{ACTIONS}.add_multiple": [
		Entry(each, {"doctype": each, "name": '["NAME"]', "assign_to": '["SELF"]'}, writes=True)
		for each in PIPELINE_DOCTYPES
	],
}

METHODS: dict[str, list[Entry]] = {
	f"{OPPORTUNITY}.opportunity.Opportunity.declare_lost": _method(lost_reasons=["Price"]),
	f"{OPPORTUNITY}.opportunity.Opportunity.mark_won": _method(),
	f"{OPPORTUNITY}.opportunity.Opportunity.pause": _method(until=in_days(5)),
	f"{OPPORTUNITY}.opportunity.Opportunity.resume": _method(),
	f"{OPPORTUNITY}.opportunity.Opportunity.reopen": _method(),
	f"{OPPORTUNITY}.opportunity.Opportunity.advance": _method(),
	f"{OPPORTUNITY}.opportunity.Opportunity.step_back": _method(),
	f"{OPPORTUNITY}.opportunity.Opportunity.change_process": _method(sales_process="Standard"),
	f"{OPPORTUNITY}.next_contact.NextContact.complete_follow_up": _method(outcome="Reached"),
	f"{OPPORTUNITY}.next_contact.NextContact.snooze_follow_up": _method(until=in_days(5)),
	f"{OPPORTUNITY}.next_contact.NextContact.move_follow_up": _method(to=in_days(5)),
	f"{DOCTYPES}.quotation.outcome.Outcome.mark_ordered": [Entry("Quotation", writes=True)],
	"crm_pipeline.quoting.margin_floor.MarginFloor.pass_margin": [Entry("Quotation", writes=True)],
	f"{DOCTYPES}.quotation.outcome.Outcome.declare_lost": [
		Entry("Quotation", {"lost_reasons": ["Price"]}, writes=True)
	],
}


def reads(world: World, names: dict[str, str] | None = None) -> list[Ask]:
	"""Calls of all functions that only read; `names` puts others in the place of the records' own."""
	return [
		get(name, entry.about, METHOD + name, _filled(entry, world, names), truth=entry.truth, shown=None)
		for name, entries in FUNCTIONS.items()
		for entry in entries
		if not entry.writes
	]


def writes(world: World, names: dict[str, str] | None = None) -> list[Ask]:
	"""Calls of all functions that write, and of all document methods in the four ways in which they can be called."""
	asks = [
		post(name, entry.about, METHOD + name, _filled(entry, world, names))
		for name, entries in FUNCTIONS.items()
		for entry in entries
		if entry.writes
	]
	for name, entries in METHODS.items():
		for entry in entries:
			asks += _ways(name.rsplit(".", 1)[1], entry, world, names or {})
	return asks


def _ways(method: str, entry: Entry, world: World, names: dict[str, str]) -> list[Ask]:
	record = world.records[entry.about]
	doctype, name = record.doctype, names.get(entry.about, record.name)
	values, path = _filled(entry, world, names), f"{doctype}.{method}"
	run = f"{METHOD}run_doc_method"
	sent = {"doctype": doctype, "name": name, "opportunity_owner": "SELF", "owner": "SELF"}
	return [
		post(path, entry.about, run, {"dt": doctype, "dn": name, "method": method, "args": values}),
		post(
			f"{path}, sent as Desk does", entry.about, run, {"docs": sent, "method": method, "args": values}
		),
		post(
			f"{path}, REST 1",
			entry.about,
			f"/api/resource/{doctype}/{name}",
			{"run_method": method, **values},
		),
		post(f"{path}, REST 2", entry.about, f"/api/v2/document/{doctype}/{name}/method/{method}", values),
	]


def _filled(entry: Entry, world: World, names: dict[str, str] | None) -> dict:
	"""The values with the records' names and words in the places kept for them."""
	record = world.records[entry.about]
	places = {
		"NAME": (names or {}).get(entry.about, record.name),
		"WORD": record.words[0] if record.words else "",
		"OWNER": world.people.bound,
		"PROCESS": world.process,
		"STAGE": world.stage,
		"CONTACT": world.contact,
		"MAIL": world.records["Communication"].name if "Communication" in world.records else "",
	}
	return {key: fill(value, places) for key, value in entry.values.items()}
