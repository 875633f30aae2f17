"""Cards: what the pipeline page shows of each opportunity, wherever it shows some."""

import frappe
from frappe.utils import getdate

from crm_pipeline.history.progress import changes_of
from crm_pipeline.history.rotting import idle_since, limits
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import readable
from crm_pipeline.rules import aging, inactivity
from crm_pipeline.utils.people import names_to_read

CARD_FIELDS = (
	"name",
	"title",
	"customer_name",
	"status",
	"sales_process",
	"sales_stage",
	"currency",
	"opportunity_amount",
	"with_items",
	"base_opportunity_amount",
	"probability",
	"opportunity_owner",
	"expected_closing",
	"next_contact_by",
	"next_contact_date",
	"waiting_for",
	"paused_until",
	"closed_on",
	"close_revenue",
	"close_revenue_currency",
	"modified",
)
TAGS = "_user_tags"  # of Frappe: the tags with commas between them
PEOPLE = ("opportunity_owner", "next_contact_by")


def cards_of(names: list[str]) -> tuple[list[frappe._dict], dict]:
	"""Return the cards of those opportunities that the session's user may see, in the order of `names`, and their legend.

	Returns:
		cards: the fields of CARD_FIELDS that the user may read; `days_in_stage` (None once ended), `days_idle`,
			whether it is `rotting` (0 or 1), and its `tags`.
		legend: `people`, full names by user, and `decimals` by currency.
	"""
	if not names:
		return [], legend_of([])
	fields = [*readable("Opportunity", CARD_FIELDS), TAGS]
	rows = _with_ages(
		frappe.get_list("Opportunity", filters={"name": ["in", names]}, fields=fields, limit=len(names))
	)
	for row in rows:
		row.tags = [tag for tag in (row.pop(TAGS) or "").split(",") if tag]
	position = {name: index for index, name in enumerate(names)}
	rows.sort(key=lambda row: position[row.name])
	return rows, legend_of(rows)


def legend_of(rows: list[frappe._dict]) -> dict:
	"""Return what rows with owners and currencies need: `people`, full names by user, and `decimals` by currency."""
	currencies = {base_currency(), *(row.currency for row in rows if row.get("currency"))}
	return {
		"people": names_to_read(row.get(field) for row in rows for field in PEOPLE),
		"decimals": {currency: decimals_of(currency) for currency in sorted(currencies)},
	}


def _with_ages(rows: list[frappe._dict]) -> list[frappe._dict]:
	"""Say of each how long it has been in its stage, how long nothing happened, and whether that is too long.

	An opportunity that somebody deletes after it was read is left out: not every database reads a request's
	statements from one state.
	"""
	names, today = [row.name for row in rows], getdate()
	changes, since = changes_of(names), idle_since(names)
	limit_of = {(row.sales_process, row.sales_stage): row.rotting_days for row in limits()}
	present = [row for row in rows if row.name in since]
	for row in present:
		limit = limit_of.get((row.sales_process, row.sales_stage), 0)
		row.days_in_stage = aging.days_in_stage(changes[row.name], today)
		row.days_idle = inactivity.days_inactive(since[row.name], today)
		row.rotting = int(inactivity.is_rotting(row.status, row.days_idle, limit))
	return present
