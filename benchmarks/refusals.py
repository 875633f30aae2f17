"""Why nothing is measured, each with the code that the program ends with. 0 is that all goals are reached, 1 that one is missed."""

CASE_FAILED = 6


class Refusal(Exception):
	"""What keeps a benchmark from being run; its message says how to mend it."""

	code: int


class WrongChoice(Refusal):
	"""A bench, site or case that there is not."""

	code = 2


class SiteNotEmpty(Refusal):
	"""A site with records that no benchmark has made."""

	code = 3


class RivalMissing(Refusal):
	"""A site for ERPNext that is not there, has no ERPNext or cannot be reached."""

	code = 4


class AlreadyRunning(Refusal):
	"""Another benchmark on this machine, by which both would be wrong."""

	code = 5
