"""Who leads whom, as the Sales Teams say: read once for a request, and again when a team changes."""

from collections.abc import Iterable

import frappe

from crm_pipeline.rules.teams import Team, led_by, with_those_below
from crm_pipeline.utils.bulk_sql import in_list

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
		rows = frappe.get_all("Sales Team", fields=["name", "parent_team", "manager"])
		frappe.local.cache[TEAMS] = [Team(row.name, row.parent_team, row.manager) for row in rows]
	return frappe.local.cache[TEAMS]


def forget() -> None:
	"""Have the teams read again."""
	for key in (TEAMS, PEOPLE):
		frappe.local.cache.pop(key, None)
