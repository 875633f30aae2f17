"""The search of the pipeline page."""

import frappe

from crm_pipeline.board.search import find
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.utils.paging import portion

MOST_FOUND = 100


@frappe.whitelist(methods=["GET"])
def search_opportunities(text: str, limit: int = 20) -> dict:
	"""Return opportunities of all sales processes, ended ones too, in which every word of a text is found.

	Names, parties, mail addresses and phone numbers are searched, those of the contact too as far as the user may read them.

	Args:
		text: of less than two letters finds nothing.
		limit: how many to return, 1 to 100.

	Returns: `rows`, with `people` and `decimals` as the board gives them; what is in play first, then what changed last.
	"""
	require_reading()
	return find(text, portion(0, limit, MOST_FOUND)[1])
