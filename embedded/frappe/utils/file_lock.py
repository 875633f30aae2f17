"""Why a lock was not to be had."""


class LockTimeoutError(Exception):
	"""Another process holds the lock."""
