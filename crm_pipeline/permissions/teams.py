"""Who leads whom, as the Sales Teams say: read once for a request, and again when a team changes."""

from collections.abc import Iterable

import frappe
from pypika.queries import QueryBuilder

from crm_pipeline.rules.teams import Team, led_by, with_those_below
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.locking import hold_file, translate_conflicts

TEAMS, PEOPLE = "crm_pipeline.teams", "crm_pipeline.people"  # of what the request remembers


def people_of(user: str) -> list[str]:
	"""Return a user's people, themselves first: managers and members of the teams they lead, and of all below."""
	known = frappe.local.cache.setdefault(PEOPLE, {})
	if user not in known:
		led = led_by(user, stored())
		known[user] = [user, *sorted({*people_in(led)} - {user})]
	return known[user]


def leads_a_team(user: str | None = None) -> bool:
	"""Return whether a user, the session's if left out, manages a team."""
	user = user or frappe.session.user
	return any(team.manager == user for team in stored())


def people_below(team: str) -> list[str]:
	"""Return managers and members of a team and of all below it."""
	return people_in(with_those_below([team], stored()))


def people_in(names: Iterable[str]) -> list[str]:
	"""Return managers and members of some teams."""
	wanted = sorted(names)
	if not wanted:
		return []
	filters = {"parent": ["in", in_list(wanted)], "parenttype": "Sales Team"}
	members = frappe.get_all("Sales Team Member", filters, pluck="user")
	managers = (team.manager for team in stored() if team.name in wanted)
	return sorted({*members, *managers}.difference((None, "")))


def stored() -> list[Team]:
	"""Return all teams as they are stored."""
	if TEAMS not in frappe.local.cache:
		_remember(_all_teams().run())
	return frappe.local.cache[TEAMS]


def hold() -> None:
	"""Lock all teams, and know them as they are by then; of two who move teams about, the second one sees the first one's.

	Raises:
		frappe.TimestampMismatchError: somebody changed one since this transaction began to read, and the database minds.
	"""
	forget()
	with translate_conflicts("Sales Team", None):
		hold_file()
		_remember(_all_teams().for_update().run())


def _all_teams() -> QueryBuilder:
	team = frappe.qb.DocType("Sales Team")
	return frappe.qb.from_(team).select(team.name, team.parent_team, team.manager).orderby(team.name)


def _remember(rows: Iterable[tuple]) -> None:
	frappe.local.cache[TEAMS] = [Team(*row) for row in rows]


def forget() -> None:
	"""Have the teams read again."""
	for key in (TEAMS, PEOPLE):
		frappe.local.cache.pop(key, None)
