"""How a worker interrupts a job. Nothing here raises them: no job of this host has a time limit."""


class BaseTimeoutException(Exception):
	pass


class JobTimeoutException(BaseTimeoutException):
	pass
