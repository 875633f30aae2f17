"""Callbacks around a transaction, and %s parameters as sqlite3 wants them."""

import re
from collections import deque
from collections.abc import Callable, Mapping

PLACEHOLDER = re.compile(r"%%|%s|%\((\w+)\)s")


class CallbackManager:
	"""A queue of functions that run once, in the order they were added."""

	def __init__(self):
		self._functions: deque[Callable] = deque()

	def add(self, function: Callable) -> None:
		self._functions.append(function)

	__call__ = add

	def run(self) -> None:
		while self._functions:
			self._functions.popleft()()

	def reset(self) -> None:
		self._functions.clear()


def bind(query: str, values) -> tuple[str, list]:
	"""`query` with ? for each %s or %(name)s, and the values in that order; a list becomes (?, ?, ...)."""
	if values is None or (isinstance(values, list | tuple) and not values):
		return query, []
	if not isinstance(values, Mapping | list | tuple):
		values = (values,)
	positional = iter(values) if not isinstance(values, Mapping) else None
	bound: list = []

	def replace(match: re.Match) -> str:
		if match[0] == "%%":
			return "%"
		value = values[match[1]] if match[1] else next(positional)
		if not isinstance(value, list | tuple | set | frozenset):
			bound.append(value)
			return "?"
		bound.extend(value)
		return f"({', '.join('?' * len(value)) or 'NULL'})"

	return PLACEHOLDER.sub(replace, query), bound
