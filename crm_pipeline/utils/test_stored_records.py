"""Every whitelisted method of a document does the same whatever the document that the client sends says."""

import json
import re
from datetime import timedelta
from unittest.mock import patch

import frappe
from frappe.handler import run_doc_method
from frappe.model.base_document import get_controller
from frappe.utils import now_datetime
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.costing import costed_quotation
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_customer,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_quotation,
	unique,
)
from crm_pipeline.utils.stored_record import start_from_stored_record

READ_WHOLE = re.compile(r"\s*select \* from .?tabOpportunity\b.?\s+where", re.IGNORECASE)
KEPT = ("doctype", "name", "modified", "docstatus")  # without these the handler finds no record, or refuses
WATCHED = (
	"Opportunity",
	"Opportunity Item",
	"Quotation",
	"Quotation Item",
	"Lost Reason Detail",
	"Competitor Detail",
	"Pipeline Change",
	"Event",
	"ToDo",
	"Comment",
	"Communication",
)


def in_play(**fields):
	return make_party_opportunity(next_contact_date=f"{in_days(3)} 10:00:00", **fields)


def paused():
	return in_play(status="Paused", paused_until=in_days(9))


def lost():
	return in_play(status="Lost", lost_reasons=[{"lost_reason": make_lost_reason().name}])


def quoted():
	return make_quotation(in_play())


def too_cheap():
	frappe.db.set_single_value("Selling Settings", "margin_floor", 30)
	frappe.clear_document_cache("Selling Settings", "Selling Settings")
	return costed_quotation()


# What each is called on, and its arguments.
CASES = {
	("Opportunity", "declare_lost"): (in_play, lambda: {"lost_reasons": [make_lost_reason().name]}),
	("Opportunity", "mark_won"): (in_play, dict),
	("Opportunity", "pause"): (in_play, lambda: {"until": in_days(5)}),
	("Opportunity", "resume"): (paused, dict),
	("Opportunity", "reopen"): (lost, dict),
	("Opportunity", "advance"): (in_play, dict),
	("Opportunity", "step_back"): (lambda: in_play(sales_stage="Quoting"), dict),
	("Opportunity", "change_process"): (in_play, lambda: new_process()),
	("Opportunity", "complete_follow_up"): (in_play, lambda: {"outcome": "Agreed", "medium": "Phone"}),
	("Opportunity", "snooze_follow_up"): (in_play, lambda: {"until": f"{in_days(4)} 11:00:00"}),
	("Opportunity", "move_follow_up"): (in_play, lambda: {"to": f"{in_days(-4)} 11:00:00"}),
	("Quotation", "mark_ordered"): (quoted, dict),
	("Quotation", "pass_margin"): (too_cheap, dict),
	("Quotation", "declare_lost"): (quoted, lambda: {"lost_reasons": [make_lost_reason().name]}),
}


def new_process() -> dict:
	process = make_process(10, 50)
	return {"sales_process": process.name, "sales_stage": process.stages[0].sales_stage}


def our_doctypes() -> list[str]:
	return frappe.get_all("DocType", {"module": "CRM Pipeline", "istable": 0}, pluck="name")


def whitelisted_methods():
	"""Doctype and name of every whitelisted method that a class of ours has."""
	for doctype in our_doctypes():
		controller = get_controller(doctype)
		for name in dir(controller):
			method = getattr(controller, name)
			ours = str(getattr(method, "__module__", None)).startswith("crm_pipeline.")
			if ours and callable(method) and method in frappe.whitelisted:
				yield doctype, name


def press(form: dict, method: str, **arguments):
	"""Call a method as Desk's form does, in this transaction."""
	former = getattr(frappe.local, "request", None)
	frappe.local.request = Request(EnvironBuilder(method="POST").get_environ())
	try:
		run_doc_method(method, docs=json.dumps(form, default=str), args=json.dumps(arguments))
	finally:
		frappe.local.request = former


class TestForgedDocuments(TestCase):
	def setUp(self):
		super().setUp()
		self.event = make(
			"Event", subject=unique("Private"), starts_on=in_days(2), event_type="Private", status="Open"
		)
		self.other = in_play()

	def test_every_method_is_tried(self):
		self.assertEqual(set(whitelisted_methods()), set(CASES))

	def test_forged_fields_change_nothing(self):
		for (doctype, method), (setup, arguments) in CASES.items():
			with self.subTest(doctype=doctype, method=method):
				frappe.db.savepoint("one_case")
				doc, sent = setup(), arguments()
				form = frappe.get_doc(doctype, doc.name).as_dict()
				with self.at(now_datetime() + timedelta(minutes=1)):
					plain = self.outcome(form, method, sent)
					self.assertNotEqual(plain, self.state())
					for forged in self.forgeries(form):
						self.assertEqual(self.outcome(forged, method, sent), plain)
				frappe.db.rollback(save_point="one_case")

	def outcome(self, form: dict, method: str, arguments: dict) -> dict:
		"""What all tables hold after the call, which is taken back."""
		frappe.db.savepoint("one_call")
		press(form, method, **arguments)
		state = self.state()
		frappe.db.rollback(save_point="one_call")
		return state

	def state(self) -> dict:
		tables = {}
		for doctype in WATCHED:
			rows = frappe.get_all(doctype, fields=["*"], order_by=None, limit=0)
			for row in rows:
				row |= {"name": "", "_comments": None}
				if row.get("follow_up_conversation"):
					row["follow_up_conversation"] = "new"  # its name is another each time
			tables[doctype] = sorted(json.dumps(row, default=str) for row in rows)
		return tables

	def forgeries(self, form: dict) -> list[dict]:
		"""The form with every field forged at once, and with each that could tempt the software alone."""
		alone = {
			"follow_up_event": self.event.name,
			"own_status": "Open",
			"status": "Open",
			"owner": "Guest",
			"items": [{**row.as_dict(), "name": None} for row in self.other.items],
			"lost_reasons": [],
			"override_reason": "No matter",
			"_doc_before_save": {},
			"flags": {"ignore_permissions": 1, "by_software": 1},
			"ordered_on": "2001-01-01",
		}
		everything = {field: self.forged(field, value) for field, value in form.items() if field not in KEPT}
		return [{**form, **everything}, *({**form, field: value} for field, value in alone.items())]

	def forged(self, field: str, value):
		if field == "follow_up_event":
			return self.event.name
		if isinstance(value, list):
			return []
		return value + 7 if isinstance(value, int | float) else "2001-01-01"

	def test_rows_of_another_document_are_refused(self):
		form = {**in_play().reload().as_dict(), "items": [row.as_dict() for row in self.other.items]}
		with self.assertRefused(exceptions.ForeignRow):
			press(form, "advance")

	def test_what_is_not_saved_is_refused(self):
		for doctype, method in CASES:
			with self.subTest(doctype=doctype, method=method):
				with self.assertRefused(exceptions.DocumentNotSaved, "Save the"):
					press({"doctype": doctype, "__islocal": 1, "title": "New", "docstatus": 0}, method)

	def test_a_new_one_under_the_name_of_a_stored_one(self):
		form = {**self.other.reload().as_dict(), "__islocal": 1}
		with self.assertRefused(exceptions.DocumentNotSaved):
			press(form, "advance")

	def test_the_stored_record_says_who_may(self):
		quotation = quoted()
		customer = make_customer()
		for doc, method in ((self.other, "advance"), (quotation, "mark_ordered")):
			with self.as_user("Purchase User") as user:
				form = {
					**frappe.get_doc(doc.doctype, doc.name).as_dict(),
					"owner": user,
					"party_name": customer.name,
				}
				with self.subTest(method=method), self.assertRefused(frappe.PermissionError):
					press(form, method)

	def test_an_outdated_form_is_refused(self):
		form = self.other.reload().as_dict()
		with self.at(now_datetime() + timedelta(minutes=1)):
			frappe.get_doc("Opportunity", self.other.name).advance()
		with self.assertRefused(frappe.TimestampMismatchError):
			press(form, "advance")

	def test_what_is_stored_is_read_once(self):
		opportunity = in_play().reload()
		opportunity.title, opportunity.items[0].rate = "Sent", 1
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
			start_from_stored_record(opportunity)
		texts = [str(call.args[0]) for call in spy.call_args_list]
		self.assertEqual(sum(bool(READ_WHOLE.match(text)) for text in texts), 1)
		stored = frappe.get_doc("Opportunity", opportunity.name)
		self.assertEqual(opportunity.as_dict(), stored.as_dict())
		self.assertIsNone(opportunity.get_doc_before_save())
		self.assertIs(opportunity.items[0].parent_doc, opportunity)

	def test_code_that_calls_one_keeps_its_flags(self):
		opportunity = make_opportunity()
		with self.as_user("Purchase User"):
			opportunity = frappe.get_doc("Opportunity", opportunity.name)
			opportunity.flags.ignore_permissions = True
			opportunity.title = "Not saved"
			opportunity.advance()
			self.assertNotEqual(opportunity.title, "Not saved")
