"""How a supplier answers requests, added up."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from crm_pipeline.rules.supplier_request import days_to_answer, is_overdue


class Response(NamedTuple):
	"""One request and what came of it; `answered_on` is also the day of declining."""

	requested_on: date
	answered_on: date | None
	declined: bool
	answer_by: date | None


def summary(responses: Iterable[Response], today: date) -> dict:
	"""Return counts, the share that was answered with rates (percent) and the mean days until that, None without any.

	Late is what was answered or declined after its last day, or still waits after it.
	"""
	all_of_them = list(responses)
	answered = [each for each in all_of_them if each.answered_on and not each.declined]
	declined = [each for each in all_of_them if each.declined]
	late = [each for each in all_of_them if is_overdue(each.answered_on or today, each.answer_by)]
	days = [days_to_answer(each.requested_on, each.answered_on) for each in answered if each.answered_on]
	return {
		"asked": len(all_of_them),
		"answered": len(answered),
		"declined": len(declined),
		"waiting": len(all_of_them) - len(answered) - len(declined),
		"late": len(late),
		"answer_rate": round(100 * len(answered) / len(all_of_them), 1) if all_of_them else None,
		"days_to_answer": round(sum(days) / len(days), 1) if days else None,
	}
