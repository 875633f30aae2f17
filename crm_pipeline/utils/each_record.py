"""What requests do to several records: each by itself, so that one that refuses keeps no other from being done."""

from collections.abc import Callable
from functools import partial

import frappe
from frappe import _
from rq.timeouts import JobTimeoutException

from crm_pipeline.utils.batches import with_retries
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.messages import Messages

SHOWN = 10  # refusals in a notification


def on_each(names: list[str], act: Callable[[str], object]) -> dict[str, str]:
	"""Act on records, each committed by itself; returns why some refused, as markup by their names.

	Raises:
		rq.timeouts.JobTimeoutException: the worker's time for the job is over. What is done stays done.
	"""
	refused = {}
	for name in names:
		messages = Messages()
		try:
			with_retries(partial(act, name))
		except JobTimeoutException:
			raise
		except Exception as error:  # whatever is wrong with one record must not stop the others
			if not isinstance(error, frappe.ValidationError | frappe.PermissionError):
				frappe.log_error(title=_("{0} was skipped").format(name))
			refused[name] = messages.take_back_words() or escaped(str(error))
	return refused


def lines(refused: dict[str, str], most: int | None = None) -> str:
	"""Return markup that names the records that refused and says why, a line each."""
	return "<br>".join(f"{bold(name)}: {why}" for name, why in list(refused.items())[:most])
