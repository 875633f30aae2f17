"""Two who write the same record at once: the first one does, the second one is told."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from rq.timeouts import JobTimeoutException

SERIALIZATION_FAILURE = "40001"  # among the SQLSTATEs of PostgreSQL
RECORD_CHANGED = 1020  # of MariaDB with innodb_snapshot_isolation, which is on from 11.6.2


class ConcurrentDocument(Document):
	"""A document whose second writer is told, whatever the database says of the conflict.

	With MariaDB before 11.6.2 Frappe notices by the time of the last change. The newer MariaDB and PostgreSQL refuse
	to lock a row that was changed since the transaction began to read, SQLite any write after another one.
	"""

	def load_from_db(self) -> Document:
		if not self.flags.for_update:
			return super().load_from_db()
		with translate_conflicts(self.doctype, self.name):
			return super().load_from_db()

	def check_if_latest(self) -> None:
		"""Hold the row from here on, so that of two who save at once the second one is told."""
		if not self.is_new():
			hold_file()
		super().check_if_latest()

	def save(self, *args: Any, **kwargs: Any) -> Document:
		with translate_conflicts(self.doctype, self.name):
			return super().save(*args, **kwargs)

	def insert(self, *args: Any, **kwargs: Any) -> Document:
		with translate_conflicts(self.doctype, self.name):
			return super().insert(*args, **kwargs)

	def set_new_name(self, *args: Any, **kwargs: Any) -> None:
		"""Draw the next number of a series, whoever drew one meanwhile."""

		def draw() -> None:
			hold_file()
			super(ConcurrentDocument, self).set_new_name(*args, **kwargs)

		lock_first(draw)


def hold_file() -> None:
	"""Let nobody else write from here on, where the database is SQLite.

	The others lock a row when it is read for an update; SQLite locks its file only when something is written, and
	a request on Frappe 16 may not even have begun a transaction.
	"""
	if frappe.db.db_type == "sqlite":
		frappe.db.begin()
		singles = frappe.qb.DocType("Singles")
		frappe.qb.update(singles).set(singles.value, singles.value).where(singles.doctype == "").run()


def lock_first(act: Callable[[], object]) -> None:
	"""Do what begins with a lock, anew if somebody changed the row since the transaction began to read.

	Only where nothing is written yet: the transaction is over with the refusal.
	"""
	has_written = frappe.db.transaction_writes
	try:
		act()
	except Exception as error:
		if has_written or not is_serialization_failure(error):
			raise
		frappe.db.rollback()
		act()


def undo_to(save_point: str) -> None:
	"""Undo what was written since a savepoint.

	Frappe then counts the transaction as one that has written nothing, which `lock_first` would throw away as a whole.
	"""
	writes = frappe.db.transaction_writes
	frappe.db.rollback(save_point=save_point)
	frappe.db.transaction_writes = writes


def hold_records(doctype: str, names: Iterable[str | None]) -> None:
	"""Lock records, always in the same order.

	Raises:
		frappe.TimestampMismatchError: somebody changed one since this transaction began to read, and the database minds.
	"""
	wanted = sorted({name for name in names if name})
	if not wanted:
		return
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).where(table.name.isin(wanted)).orderby(table.name)
	with translate_conflicts(doctype, wanted[0]):
		hold_file()
		query.for_update().run()


@contextmanager
def translate_conflicts(doctype: str, name: str | None) -> Iterator[None]:
	"""Say it in words when a block about a record meets a row that somebody else changed meanwhile.

	The transaction is over then: MariaDB has rolled it back, PostgreSQL takes no other statement, SQLite no write.

	Raises:
		frappe.TimestampMismatchError
	"""
	try:
		yield
	except frappe.TimestampMismatchError:
		raise
	except Exception as error:
		if not is_serialization_failure(error):
			raise
		frappe.db.rollback()
		frappe.throw(
			_("Somebody else changed {0} at the same moment. Reload it, and repeat what you did.").format(
				name or _(doctype)
			),
			frappe.TimestampMismatchError,
			title=_("Changed Meanwhile"),
		)


def is_serialization_failure(error: BaseException | None) -> bool:
	"""Tell whether a row was changed by somebody else since this transaction began to read, or a refusal says so."""
	if error is None or isinstance(error, JobTimeoutException):
		return False  # a job's time may be over while a conflict is dealt with
	by_postgres = getattr(error, "pgcode", None) == SERIALIZATION_FAILURE
	by_mariadb = error.args[:1] == (RECORD_CHANGED,)
	by_sqlite = getattr(error, "sqlite_errorname", None) == "SQLITE_BUSY_SNAPSHOT"
	return by_postgres or by_mariadb or by_sqlite or is_serialization_failure(error.__context__)
