"""The people behind user ids."""

from collections.abc import Iterable

import frappe

from crm_pipeline.utils.bulk_sql import in_list


def full_names(users: Iterable[str | None]) -> dict[str, str]:
	"""Return the full names of users by their ids, with one statement; the id of whoever has none."""
	wanted = sorted({user for user in users if user})
	rows = frappe.get_all("User", {"name": ["in", in_list(wanted)]}, ["name", "full_name"])
	return {row.name: row.full_name or row.name for row in rows}
