"""In which order to work: by what an opportunity is worth, how likely it is, and how long it has been waiting."""

# From how many days on waiting counts how many times. Steps, so that statements can say the same as `rank`.
LATENESS = ((90, 34), (30, 21), (14, 13), (7, 8), (3, 5), (2, 3), (1, 2))


def lateness(days: int) -> int:
	"""Return how many times an opportunity counts that has been waiting for so many days."""
	return next((factor for least, factor in LATENESS if days >= least), 1)


def rank(weighted: float, days: int) -> float:
	"""Return how urgent an opportunity is; the highest goes first.

	Args:
		weighted: value times probability, in base currency.
		days: calendar days for which it has been waiting.
	"""
	return weighted * lateness(days)
