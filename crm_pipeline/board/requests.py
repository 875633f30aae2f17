"""Requests that come twice, such as over a bad line, and are done once.

A request bears an id that its client made. The first one claims it, within its own transaction, with a record whose name
follows from user and id; the second waits for that transaction and gets its answer.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import now_datetime

from crm_pipeline.exceptions import RequestUnderWay
from crm_pipeline.utils.bulk_sql import new_row
from crm_pipeline.utils.locking import hold_file, lock_first

WRITE = "Pipeline Write"
ATTEMPTS = 5
KEPT_FOR = timedelta(hours=24)


def once(request_id: str | None, act: Callable[[], dict], commits: bool = False) -> dict:
	"""Do what a request asks for or, if its user has sent it before, answer as then.

	Args:
		request_id: what tells the request from others of its user; without one it is done in any case.
		commits: whether `act` commits before it is through; the id is taken for good then, whatever comes of it.

	Raises:
		RequestUnderWay: it came before and is not answered yet, or was broken off.
	"""
	if not request_id:
		return act()
	name, mark = _name_of(request_id), frappe.generate_hash(length=10)
	stored = _claim(name, mark)
	if stored.mark != mark:
		return _former_answer(stored.answer)
	if commits:
		frappe.db.commit()  # nosemgrep: what is done to the first of many records commits too
	answer = frappe.as_json(act())
	frappe.db.set_value(WRITE, name, "answer", answer, update_modified=False)
	return json.loads(answer)


def forget_old_writes() -> None:
	"""Delete what nobody can undo any more, and the answers to requests that nobody sends again."""
	frappe.db.delete(WRITE, {"creation": ["<", now_datetime() - KEPT_FOR]})


def _name_of(request_id: str) -> str:
	return hashlib.sha256(f"{frappe.session.user}\n{request_id}".encode()).hexdigest()


def _claim(name: str, mark: str) -> frappe._dict:
	"""Store a request unless it is stored already, and lock it; nothing must have been written before.

	Of several that wait for the first one MariaDB ends all but one, when it is through.
	"""
	for _attempt in range(ATTEMPTS - 1):
		try:
			return _store_and_lock(name, mark)
		except frappe.QueryDeadlockError:
			frappe.db.rollback()
	return _store_and_lock(name, mark)


def _store_and_lock(name: str, mark: str) -> frappe._dict:
	row, stored = {**new_row(), "name": name, "mark": mark}, frappe._dict()

	def act() -> None:
		hold_file()
		frappe.db.bulk_insert(WRITE, list(row), [tuple(row.values())], ignore_duplicates=True)
		stored.update(frappe.db.get_value(WRITE, name, ["mark", "answer"], as_dict=True, for_update=True))

	lock_first(act)
	return stored


def _former_answer(answer: str | None) -> dict:
	if not answer:
		frappe.throw(
			_("This is being done already, or was broken off. Look at what was done, and repeat the rest."),
			RequestUnderWay,
			title=_("Done Already"),
		)
	return json.loads(answer)
