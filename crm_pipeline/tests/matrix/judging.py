"""Requests, and what their answers give away."""

import json
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Thread

import frappe
import frappe.app
from frappe.utils import get_datetime, now_datetime
from werkzeug.test import Client

METHOD = "/api/method/"
NOT_OFFERED = 501
REFUSALS = frozenset((401, 403, 404, 417))


@dataclass(frozen=True)
class Ask:
	"""A request, and what it is about.

	Its answer shows the record by a word or the name of it; with `truth`, by not being empty or nought. `shown` says
	whether who may see the record is shown it by this path; None if only a manager surely is.
	"""

	path: str
	record: str
	method: str
	url: str
	values: dict = field(default_factory=dict, hash=False)
	truth: bool = False
	shown: bool | None = True

	def sent(self) -> str:
		return self.url + json.dumps(self.values, default=str)


@dataclass
class Answer:
	status: int
	headers: list[tuple[str, str]]
	body: str

	@property
	def whole(self) -> str:
		return "\n".join((*(f"{key}: {value}" for key, value in self.headers), self.body))

	@property
	def refuses(self) -> bool:
		return self.status >= 400

	@property
	def is_empty(self) -> bool:
		"""Whether a yes/no question got no for an answer."""
		if self.refuses:
			return True
		value = json.loads(self.body)
		value = value.get("message", value.get("data"))
		if isinstance(value, dict):
			return not any(value.values())
		return not value


def in_days(days: int) -> str:
	"""About that many days from today; asked for before there is a site, which has a clock of its own."""
	return str(date.today() + timedelta(days))


def get(path: str, record: str, url: str, values: dict | None = None, **options) -> Ask:
	texts = {key: each if isinstance(each, str) else json.dumps(each) for key, each in (values or {}).items()}
	return Ask(path, record, "GET", url, texts, **options)


def post(path: str, record: str, url: str, values: dict | None = None, **options) -> Ask:
	return Ask(path, record, options.pop("verb", "POST"), url, values or {}, shown=False, **options)


absent: set[str] = (
	set()
)  # addresses of functions that this host does not have, whoever asks with whatever values


def send_all(asks: list[Ask], headers: dict, site: str | None = None) -> list[Answer]:
	"""The answers to requests that one person makes one after the other.

	A function that the host has said it lacks is not called again, but counted as such each time.
	"""
	answers: list[Answer] = []
	headers = {"X-Frappe-Site-Name": site or frappe.local.site, "Accept": "application/json", **headers}
	frappe.db.commit()

	def ask_them():
		client = Client(frappe.app.application, use_cookies=False)
		for ask in asks:
			if ask.url in absent:
				answers.append(Answer(NOT_OFFERED, [], ""))
				continue
			sent = {"query_string": ask.values} if ask.method == "GET" else {"json": ask.values}
			with client.open(ask.url, method=ask.method, headers=headers, **sent) as response:
				answer = Answer(response.status_code, list(response.headers), response.get_data(as_text=True))
			answers.append(answer)
			if (
				answer.status == NOT_OFFERED
				and f"{ask.url.removeprefix(METHOD)} is missing in" in answer.body
			):
				absent.add(ask.url)

	thread = Thread(target=ask_them)
	thread.start()
	thread.join()
	frappe.db.rollback()  # so that the next query sees what the requests wrote
	return answers


# What is new in each answer and tells nothing: the id by which Frappe finds the message of an error again, how long a
# report took, and the token of the session in the pipeline page.
UNSTABLE = re.compile(
	r"(?<=__frappe_exc_id)(\W+)[0-9a-z]+"
	r'|(?<="execution_time":)\s*[\d.]+'
	r'|(?<="csrf_token": ")\w*'
)
WHOLE_MINUTE = re.compile(r"20\d\d-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:00(?!\.)")
A_WHILE = timedelta(minutes=10)
EXPIRY = re.compile(r"expires=[^;]*", re.IGNORECASE)  # of a cookie, counted from now
# These too: the length of a body in which a name was masked, and how many requests are left in this hour.
UNSTABLE_HEADERS = frozenset(("content-length", "date", "x-ratelimit-remaining", "x-ratelimit-reset"))


def comparable(answer: Answer, name: str = "\0") -> tuple[int, str, list]:
	"""Status, body and headers of an answer, without what differs each time and the name that was asked for."""
	headers = [
		(key, EXPIRY.sub("", value)) for key, value in answer.headers if key.lower() not in UNSTABLE_HEADERS
	]
	body = WHOLE_MINUTE.sub(_unless_present, UNSTABLE.sub("", answer.body))
	return answer.status, body.replace(name, "NAME"), headers


def _unless_present(moment: re.Match) -> str:
	"""Leave out the minute of the answer: another one may begin between two of them."""
	is_present = abs(get_datetime(moment[0]) - now_datetime()) < A_WHILE
	return "" if is_present else moment[0]


def difference(one: tuple, two: tuple) -> str | None:
	"""What tells two comparable answers apart; None for what this host does not offer."""
	if one == two or NOT_OFFERED in (one[0], two[0]):
		return None
	if one[0] != two[0]:
		return f"{one[0]} with it, {two[0]} without"
	if one[1] != two[1]:
		at = next((i for i, (a, b) in enumerate(zip(one[1], two[1], strict=False)) if a != b), 0)
		return f"{one[1][max(at - 40, 0) : at + 60]!r} with it, {two[1][max(at - 40, 0) : at + 60]!r} without"
	return f"headers {one[2]} with it, {two[2]} without"


def words(texts) -> re.Pattern | None:
	"""What finds any of these texts, even right after an escaped line break, but not as the beginning of a word."""
	texts = sorted(set(filter(None, texts)), key=len, reverse=True)
	return re.compile("(?:" + "|".join(map(re.escape, texts)) + r")(?!\w)") if texts else None


def given_away(answer: Answer, ask: Ask, forbidden: re.Pattern | None) -> set[str]:
	"""Forbidden texts in an answer that were not in the question."""
	found = set(forbidden.findall(answer.whole)) if forbidden else set()
	return {text for text in found if text not in ask.sent()} if found else found
