"""Whose turn it is to take a record on, as Frappe's assignment rules choose."""

from collections.abc import Mapping, Sequence


def next_in_turn(users: Sequence[str], last: str | None) -> str:
	"""Return the user after the one who was last; the first one at the beginning, and if the last one is no longer there."""
	if last not in users:
		return users[0]
	return users[(users.index(last) + 1) % len(users)]


def least_loaded(users: Sequence[str], loads: Mapping[str, int]) -> str:
	"""Return the user with the fewest open assignments, the first of several."""
	return min(users, key=lambda user: loads.get(user, 0))


def last_after_removal(users: Sequence[str], from_user: str, last: str | None) -> str | None:
	"""Return who counts as the last one once a user is gone, so that the next one is still whoever followed them.

	Args:
		users: in their order, the one who leaves among them.
	"""
	if last != from_user:
		return last
	before = users[users.index(from_user) - 1]
	return None if before == from_user else before
