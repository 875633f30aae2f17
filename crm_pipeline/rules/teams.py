"""Sales teams as a tree: what stands below what, and whom somebody leads."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple


class Team(NamedTuple):
	"""A team by its name; `parent` is the one above."""

	name: str
	parent: str | None = None
	manager: str | None = None


def with_those_below(names: Iterable[str], teams: Iterable[Team]) -> set[str]:
	"""Return teams and all that stand below them, at any depth; of teams in a circle each is below the others."""
	below = defaultdict(list)
	for team in teams:
		below[team.parent].append(team.name)
	found: set[str] = set()
	waiting = list(names)
	while waiting:
		name = waiting.pop()
		if name not in found:
			found.add(name)
			waiting += below[name]
	return found


def closes_circle(name: str, parent: str, teams: Iterable[Team]) -> bool:
	"""Return whether a team would stand below itself under that parent."""
	return parent in with_those_below([name], teams)


def led_by(user: str, teams: Iterable[Team]) -> set[str]:
	"""Return the teams that a user manages, with all below."""
	known = list(teams)
	return with_those_below([team.name for team in known if team.manager == user], known)
