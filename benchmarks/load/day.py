"""What people ask a server all day: a file for Locust, which runs it under a Python of its own.

`Pipeline` asks this app, `Rival` asks ERPNext for the same work as far as it has it. Whatever the server says it has done
is noted in the ledger. A request that got no answer is sent again under its id, as the page does.
"""

import json
import os
import random
import time
import uuid
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import ClassVar

from locust import HttpUser, between, task

PEOPLE = json.loads(Path(os.environ["LOAD_PEOPLE"]).read_text())
LEDGER = Path(os.environ["LOAD_LEDGER"])
PROCESS = "Standard"
STAGES = PEOPLE["stages"]
NO_ANSWER = (0, 502, 503, 504)
TRIES, PATIENCE = 6, 2.0  # how often a request without an answer is sent again, and after how many seconds
NEXT_ONE = count()


class Salesperson(HttpUser):
	"""Somebody with a token, and requests that know what they were answered."""

	abstract = True
	wait_time = between(0.5, 2)
	mapper: str  # makes a quotation from an opportunity
	report_filters: ClassVar[dict] = {}

	def on_start(self) -> None:
		self.person = PEOPLE["people"][next(NEXT_ONE) % len(PEOPLE["people"])]
		self.client.headers.update(
			{
				"Authorization": f"token {self.person['token']}",
				"X-Frappe-Site-Name": PEOPLE["site"],
				"Accept": "application/json",
			}
		)
		self.mine = self.person["of_items"] + self.person["of_an_amount"]

	def get(self, path: str, what: str, **params):
		return self.ask("GET", path, what, params={key: as_text(value) for key, value in params.items()})

	def post(self, path: str, what: str, repeats: bool = False, **values):
		return self.ask("POST", path, what, repeats, json=values)

	def ask(self, verb: str, path: str, what: str, repeats: bool | None = None, **sent):
		"""Return the answer's body, or None if there is none or it refuses.

		Args:
			what: the name under which Locust counts it.
			repeats: whether it may be sent again without an answer; by default reading may.
		"""
		tries = TRIES if (verb == "GET" if repeats is None else repeats) else 1
		for attempt in range(tries):
			with self.client.request(verb, path, name=what, catch_response=True, **sent) as answer:
				if answer.status_code and answer.status_code < 400:
					return answer.json()
				kind = kind_of(answer)
				if answer.status_code in NO_ANSWER and attempt + 1 < tries:
					answer.success()  # asked again, as the page does; Locust counts the last try
				elif kind in REFUSALS:
					answer.success()
					return None
				else:
					answer.failure(f"{answer.status_code} {kind}")
					return None
			time.sleep(PATIENCE)
		return None

	def note(self, kind: str, **facts) -> None:
		with LEDGER.open("a") as ledger:
			ledger.write(json.dumps({"kind": kind, "user": self.person["user"], **facts}) + "\n")

	def any_of_mine(self) -> str:
		return random.choice(self.mine)

	@task(3)
	def save_amount(self) -> None:
		opportunity = random.choice(self.person["of_an_amount"])
		amount = random.randrange(100_000, 99_999_999) / 100
		path = f"/api/resource/Opportunity/{opportunity}"
		if self.ask("PUT", path, "save an amount", json={"opportunity_amount": amount}):
			self.note("amount", opportunity=opportunity, amount=amount)

	def create(self, **values) -> str | None:
		answer = self.post("/api/resource/Opportunity", "new opportunity", **values)
		if not answer:
			return None
		name = answer["data"]["name"]
		self.mine.append(name)
		self.note("created", opportunity=name)
		return name

	@task(1)
	def quote(self) -> None:
		opportunity = random.choice(self.person["of_items"])
		mapped = self.post(
			f"/api/method/{self.mapper}", "quotation from opportunity", source_name=opportunity
		)
		if mapped and (made := self.post("/api/resource/Quotation", "new quotation", **mapped["message"])):
			name = made["data"]["name"]
			path = f"/api/resource/Quotation/{name}"
			if self.ask("PUT", path, "submit a quotation", json={"docstatus": 1}):
				self.note("submitted", quotation=name)

	def list_in_desk(self) -> None:
		self.get(
			"/api/method/frappe.desk.reportview.get",
			"list in Desk",
			doctype="Opportunity",
			fields=["name", "title", "status", "opportunity_amount", "modified"],
			filters=[["Opportunity", "status", "=", "Open"]],
			order_by="`tabOpportunity`.`creation` desc",
			start=0,
			page_length=20,
		)

	def form_in_desk(self) -> None:
		self.get(
			"/api/method/frappe.desk.form.load.getdoc",
			"form in Desk",
			doctype="Opportunity",
			name=self.any_of_mine(),
		)

	@task(3)
	def desk(self) -> None:
		self.list_in_desk()
		self.form_in_desk()

	@task(1)
	def report(self) -> None:
		self.get(
			"/api/method/frappe.desk.query_report.run",
			"report",
			report_name="Opportunity Summary by Sales Stage",
			filters=self.report_filters,
		)


class Pipeline(Salesperson):
	"""A day on the pipeline page, with some of Desk."""

	mapper = "crm_pipeline.crm_pipeline.doctype.opportunity.opportunity.make_quotation"

	@task(5)
	def board(self) -> None:
		self.get(f"{API}.pipeline.get_board", "board", sales_process=PROCESS, limit_per_stage=10, filters=OWN)

	@task(8)
	def changes(self) -> None:
		since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() - 30))
		self.get(f"{API}.pipeline.changes_since", "changes", since=since, sales_process=PROCESS, filters=OWN)

	@task(5)
	def panel(self) -> None:
		self.get(f"{API}.panel.get_panel", "panel", opportunity=self.any_of_mine())

	@task(4)
	def move(self) -> None:
		opportunity = self.any_of_mine()
		panel = self.get(f"{API}.panel.get_panel", "panel", opportunity=opportunity)
		if not panel or (start := panel["message"]["card"]["sales_stage"]) not in STAGES:
			return
		target = random.choice([stage for stage in STAGES if stage != start])
		moved = self.post(
			f"{API}.moves.move_to_stage",
			"move to a stage",
			opportunity=opportunity,
			sales_stage=target,
			from_stage=start,
		)
		if moved:
			self.note("stage", opportunity=opportunity, stage=target)

	@task(4)
	def say(self) -> None:
		opportunity, text, request = self.any_of_mine(), uuid.uuid4().hex, uuid.uuid4().hex
		said = self.post(
			f"{API}.activities.add_activity",
			"note",
			repeats=True,
			opportunity=opportunity,
			kind="Note",
			text=text,
			next_contact_date=f"{date.today() + timedelta(days=random.randrange(1, 30))} 10:00:00",
			request_id=request,
		)
		if said:
			self.note("note", opportunity=opportunity, text=text)

	@task(2)
	def give_task(self) -> None:
		opportunity, text, request = self.any_of_mine(), uuid.uuid4().hex, uuid.uuid4().hex
		given = self.post(
			f"{API}.activities.add_task",
			"task",
			repeats=True,
			opportunity=opportunity,
			description=text,
			request_id=request,
		)
		if given:
			self.note("task", opportunity=opportunity, text=text)

	@task(1)
	def new(self) -> None:
		self.create(title=f"Load {uuid.uuid4().hex[:8]}", opportunity_amount=1000)


class Rival(Salesperson):
	"""The same work with ERPNext, which has no page of its own: its list is its board."""

	mapper = "erpnext.crm.doctype.opportunity.opportunity.make_quotation"
	report_filters: ClassVar[dict] = {"based_on": "Opportunity Owner", "data_based_on": "Number"}

	@task(13)
	def board(self) -> None:
		self.list_in_desk()

	@task(9)
	def panel(self) -> None:
		self.form_in_desk()

	@task(4)
	def move(self) -> None:
		opportunity, stage = self.any_of_mine(), random.choice(STAGES)
		path = f"/api/resource/Opportunity/{opportunity}"
		if self.ask("PUT", path, "move to a stage", json={"sales_stage": stage}):
			self.note("moved", opportunity=opportunity)

	@task(4)
	def say(self) -> None:
		opportunity, text = self.any_of_mine(), uuid.uuid4().hex
		said = self.post(
			"/api/method/frappe.desk.form.utils.add_comment",
			"note",
			reference_doctype="Opportunity",
			reference_name=opportunity,
			content=text,
			comment_email=self.person["user"],
			comment_by=self.person["user"],
		)
		if said:
			self.note("note", opportunity=opportunity, text=text)

	@task(2)
	def give_task(self) -> None:
		opportunity, text = self.any_of_mine(), uuid.uuid4().hex
		given = self.post(
			"/api/resource/ToDo",
			"task",
			reference_type="Opportunity",
			reference_name=opportunity,
			description=text,
			allocated_to=self.person["user"],
		)
		if given:
			self.note("task", opportunity=opportunity, text=text)

	@task(3)
	def edit(self) -> None:
		self.save_amount()

	@task(1)
	def new(self) -> None:
		self.create(**PEOPLE["new"])

	@task(1)
	def make_quotation(self) -> None:
		self.quote("erpnext.crm.doctype.opportunity.opportunity.make_quotation")

	@task(3)
	def desk(self) -> None:
		self.list_in_desk()
		self.form_in_desk()

	@task(1)
	def numbers(self) -> None:
		self.report(
			"Opportunity Summary by Sales Stage", based_on="Opportunity Owner", data_based_on="Number"
		)


API = "/api/method/crm_pipeline.api"
OWN = {"scope": "mine"}
# The server's word that somebody else was quicker: an answer, no error.
REFUSALS = {"StateGone", "TimestampMismatchError", "RequestUnderWay", "FollowUpChanged"}


def as_text(value) -> str:
	return value if isinstance(value, str) else json.dumps(value)


def kind_of(answer) -> str:
	try:
		return answer.json().get("exc_type", "")
	except ValueError:
		return ""
