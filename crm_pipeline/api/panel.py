"""What the pipeline page shows of one opportunity, beside the board."""

import frappe
from frappe.model.document import Document
from frappe.utils import cint, now_datetime

from crm_pipeline.api.activities import MOST, activities
from crm_pipeline.api.party_history import party_history
from crm_pipeline.board import panel, timeline
from crm_pipeline.board.moves import card_of
from crm_pipeline.board.quotations_shown import quotations_among
from crm_pipeline.crm_pipeline.doctype.opportunity.form_data import facts_for_form
from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.parties.related_documents import related_documents
from crm_pipeline.permissions.managing import manages_sales
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.rules import status
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.markup import text_in
from crm_pipeline.utils.paging import portion

OTHERS = 5
ACTIONS = {"mark_won": "won", "declare_lost": "lost"}


@frappe.whitelist(methods=["GET"])
def get_panel(opportunity: str) -> dict:
	"""Return everything about one opportunity, as far as the user may read it.

	Returns: `card`, as on the board; `doc`, values by field, and `fields`, each with `label`, `type`, `options` and whether
	it is `editable` here; `stages` of its process, each with its `requirements` and whether they are `met`; `may_write`
	and `may_override` (what a stage requires); `items`; `quotations`, each with `open_rows` (what is not ordered yet) if the
	user may order or lose it, else None, and `supplier_quotations`; to who may write `open_quotations`, names of those that
	stand against losing it, and `why_not_lost_too`, a sentence if the user may not lose them along; open `tasks`; `contacts`;
	`party`, with the number of its opportunities and its last other ones; `actions` that would work now, `ask_again` of what
	is lost; `progress`, as
	`api.history.get_progress`; `people` (full names by user), `decimals` (by currency), and `now` (site time).

	Raises:
		OpportunitiesSwitchedOff
	"""
	require_reading()
	doc = require_record("Opportunity", opportunity)
	may_write, facts = bool(doc.has_permission("write")), facts_for_form(doc)
	related, tasks = related_documents("Opportunity", doc.name), panel.tasks_of(doc.name)
	quotations, offers = (
		quotations_among(related, doctype) for doctype in ("Quotation", "Supplier Quotation")
	)
	currencies = {doc.currency, doc.base_currency, doc.close_revenue_currency}
	currencies |= {row["currency"] for row in (*quotations, *offers)}
	return {
		"card": card_of(doc.name),
		"doc": panel.values_of(doc),
		"fields": panel.fields_of(doc, may_write),
		"stages": panel.stages_for(doc),
		"may_write": cint(may_write),
		"may_override": cint(manages_sales()),
		"items": panel.items_of(doc),
		"quotations": quotations,
		"open_quotations": facts["open_quotations"] if may_write else [],
		"why_not_lost_too": text_in(facts["why_not_lost_too_html"]) if may_write else "",
		"supplier_quotations": offers,
		"tasks": tasks,
		"contacts": panel.contacts_of(doc),
		"party": _party(doc),
		"actions": _actions(doc, facts) if may_write else [],
		"progress": facts["progress"],
		"people": panel.people_in(doc, tasks),
		"decimals": {each: decimals_of(each) for each in sorted(filter(None, currencies))},
		"now": str(now_datetime())[:19],
	}


# `activities` refuses whoever may not read the record.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["GET"])
def get_timeline(opportunity: str, start: int = 0, limit: int = 30) -> dict:
	"""Return what was said and what changed, in one stream, newest first.

	Args:
		start, limit: the portion; at most the newest 200 of what was said are in the stream.

	Returns: `rows`, each with `kind` (Note, Call, Meeting, Email, Task, Event, Change or another medium), `at`, `by`,
	`by_name`, `subject`, `content` (plain text, at most 500 characters), `direction` (in, out or nothing), of
	what was said `own` (1 if the user wrote it), and `change` (`what`, `old` and `new` in the user's words, or None); `more`,
	1 if older ones follow.
	"""
	require_reading()
	start, limit = portion(start, limit, MOST)
	said = activities("Opportunity", opportunity, 0, start + limit + 1)
	return timeline.stream(said, opportunity, start, limit)


@frappe.whitelist(methods=["GET"])
def get_choices() -> dict:
	"""Return what dialogs and filters offer.

	Returns: `lost_reasons`, `competitors`, `sources` and `types` (`name`, and its translated `label`), `owners` (`user`
	and `full_name`), `processes`, `currencies`, `email_templates` (without those of the app's own mails) and `tags` (names).
	"""
	require_reading()
	return panel.choices()


def _party(doc: Document) -> dict | None:
	"""Return how its party did so far."""
	if not doc.party_name:
		return None
	history = party_history("Opportunity", doc.name, OTHERS + 1)
	counts = history["counts"]
	return {
		"doctype": doc.opportunity_from,
		"name": doc.party_name,
		"open": counts["Open"],
		"won": counts["Won"],
		"lost": counts["Lost"],
		"rows": [row for row in history["opportunities"] if row["name"] != doc.name][:OTHERS],
	}


def _actions(doc: Document, facts: dict) -> list[str]:
	moves = {"advance": facts["next_stage"], "step_back": facts["previous_stage"]}
	found = [name for name, stage in moves.items() if stage]
	found += [ACTIONS.get(method, method) for method in facts["actions"]]
	quotes = doc.party_name and (doc.status in status.IN_PLAY or facts["quotes_again"])
	if quotes and frappe.has_permission("Quotation", "create"):
		found.append("quote")
	if doc.status == status.LOST:
		found.append("ask_again")
	return found
