"""The database of a site: one SQLite file."""

from contextlib import contextmanager
from secrets import token_hex

from frappe.runtime.context import local


@contextmanager
def savepoint(catch: type | tuple[type, ...] = Exception):
	"""Undo what the block wrote when it raises one of `catch`, and go on after it."""
	name = f"block_{token_hex(5)}"
	local.db.savepoint(name)
	try:
		yield
	except catch:
		local.db.rollback(save_point=name)
	else:
		local.db.release_savepoint(name)
