"""When a user is disabled, what they work on is reassigned where an assignment rule is there for it.

A job does it, a portion of records at a time with a fixed number of statements; what no rule covers stays.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Count
from frappe.utils import now, today
from pypika import Table
from pypika.terms import Criterion

from crm_pipeline.assignment.owner import ASSIGNABLE, is_enabled
from crm_pipeline.assignment.rules import BASED_ON_FIELD, auto_assigning_rules, enabled_rules
from crm_pipeline.follow_ups.calendar_bulk import hand_over_events
from crm_pipeline.history.changes import record_change_of_many
from crm_pipeline.rules import rotation
from crm_pipeline.utils.batches import run_in_batches
from crm_pipeline.utils.bulk_sql import bulk_insert, hold, in_list, names_after, new_row
from crm_pipeline.utils.markup import escaped
from crm_pipeline.utils.notifications import notify
from crm_pipeline.utils.session import in_site_language


def names_of_auto_assigning_rules() -> list[str]:
	"""Return the names of the rules that are on and could find somebody else for a record."""
	return [
		rule for doctype, owned in ASSIGNABLE.items() for rule in auto_assigning_rules(doctype, owned.field)
	]


def enqueue(from_user: str) -> None:
	"""Have the work of a disabled user reassigned in the background, if there is a rule that might."""
	if names_of_auto_assigning_rules():
		frappe.enqueue(
			reassign,
			queue="long",
			job_id=f"crm_pipeline.reassign.{from_user}",
			deduplicate=True,
			enqueue_after_commit=True,
			from_user=from_user,
		)


@in_site_language()
def reassign(from_user: str) -> None:
	"""Give a disabled user's open opportunities and leads to those whom the enabled rules choose.

	A rule chooses as if the record had no owner, on whatever day of the week. The open tasks of the former owner on the
	record pass on with it. A second run finds nothing left to do.
	"""
	if is_enabled(from_user):
		return
	for doctype in ASSIGNABLE:
		if rules := enabled_rules(doctype):
			Reassignment(from_user, doctype, [rule.name for rule in rules]).run()


def leavers() -> list[str]:
	"""Return the disabled users who still own what is in play, of the DocTypes that have enabled rules."""
	user, found = frappe.qb.DocType("User"), set[str]()
	for doctype, owned in ASSIGNABLE.items():
		if enabled_rules(doctype):
			table = frappe.qb.DocType(doctype)
			query = frappe.qb.from_(table).join(user).on(user.name == table[owned.field]).select(user.name)
			query = query.where((user.enabled == 0) & table.status.isin(sorted(owned.in_play)))
			found.update(name for (name,) in query.distinct().run())
	return sorted(found)


class Reassignment:
	"""The records of one DocType."""

	def __init__(self, from_user: str, doctype: str, rules: list[str]) -> None:
		self.from_user, self.doctype, self.rules = from_user, doctype, rules
		self.field, self.in_play = ASSIGNABLE[doctype]
		self.table = frappe.qb.DocType(doctype)

	def run(self) -> None:
		run_in_batches(self.due, self.act)

	def due(self, after: str, limit: int) -> list[str]:
		"""Return the names of the former owner's records in play, at most so many, that sort after the given one."""
		return names_after(self.table, self.records_of_former_owner(), after, limit)

	def records_of_former_owner(self) -> Criterion:
		return (self.table[self.field] == self.from_user) & self.table.status.isin(sorted(self.in_play))

	def act(self, names: list[str]) -> None:
		"""Let the rules choose for these records, then write what they chose."""
		choosers = [Chooser(rule) for rule in self.rules]
		chosen = defaultdict(list)
		for doc in self.as_rules_see_them(hold(self.table, self.records_of_former_owner(), names)):
			for chooser in choosers:
				if user := chooser.choose(doc):
					chosen[user].append((doc, chooser.rule))
					break
		if chosen:
			self.pass_tasks(chosen)
			self.change_owners(chosen)
			for chooser in choosers:
				chooser.remember()
			self.notify(chosen)

	def as_rules_see_them(self, names: list[str]) -> Iterator[dict]:
		"""Yield the records with their rows, but without an owner, so that a rule for those without one applies."""
		docs = frappe.get_all(self.doctype, {"name": ["in", names]}, ["*"], order_by="name")
		tables = {
			df.fieldname: self.rows_of(df.options, df.fieldname, names)
			for df in frappe.get_meta(self.doctype).get_table_fields()
		}
		for doc in docs:
			rows = {fieldname: by_parent[doc.name] for fieldname, by_parent in tables.items()}
			yield frappe._dict(doc, doctype=self.doctype, **{**rows, self.field: None})

	def rows_of(self, doctype: str, fieldname: str, names: list[str]) -> dict[str, list]:
		filters = {"parenttype": self.doctype, "parentfield": fieldname, "parent": ["in", names]}
		by_parent = defaultdict(list)
		for row in frappe.get_all(doctype, filters, ["*"], order_by="idx"):
			by_parent[row.parent].append(row)
		return by_parent

	def pass_tasks(self, chosen: dict) -> None:
		"""Pass the former owner's open tasks on a record to the new owner; who has none on it gets one."""
		assigned = self.assigned_to([doc.name for pairs in chosen.values() for doc, _rule in pairs])
		missing = []
		for user, pairs in chosen.items():
			self.pass_open_tasks(user, [doc.name for doc, _rule in pairs])
			for doc, rule in pairs:
				users = [user if each == self.from_user else each for each in assigned[doc.name]]
				if user not in users:
					missing.append(self.task_for(user, doc, rule))
				assigned[doc.name] = list(dict.fromkeys([*users, user]))
		bulk_insert("ToDo", missing)
		self.show_assigned(assigned)

	def pass_open_tasks(self, user: str, names: list[str]) -> None:
		task = frappe.qb.DocType("ToDo")
		query = frappe.qb.update(task).set(task.allocated_to, user)
		query = query.set(task.modified, now()).set(task.modified_by, frappe.session.user)
		query.where(self.is_open(task, names) & (task.allocated_to == self.from_user)).run()

	def is_open(self, task: Table, names: list[str]) -> Criterion:
		about = (task.reference_type == self.doctype) & task.reference_name.isin(names)
		return about & (task.status == "Open")

	def assigned_to(self, names: list[str]) -> dict[str, list[str]]:
		"""Return who has open tasks on each of these records, the oldest first."""
		task = frappe.qb.DocType("ToDo")
		query = frappe.qb.from_(task).select(task.reference_name, task.allocated_to)
		query = query.where(self.is_open(task, names) & task.allocated_to.isnotnull())
		assigned: dict[str, list[str]] = {name: [] for name in names}
		for name, user in query.orderby(task.creation).run():
			assigned[name].append(user)
		return assigned

	def task_for(self, user: str, doc: frappe._dict, rule: Document) -> dict:
		by, due = frappe.session.user, rule.due_date_based_on
		return {
			**new_row(),
			"status": "Open",
			"priority": "Medium",
			"date": doc.get(due) if due else today(),
			"allocated_to": user,
			# As the rule renders it for one record; here the tasks of many are stored at once.
			"description": frappe.render_template(rule.description, doc),  # nosemgrep: frappe-ssti
			"reference_type": self.doctype,
			"reference_name": doc.name,
			"assigned_by": by,
			"assignment_rule": rule.name,
		}

	def show_assigned(self, assigned: dict[str, list[str]]) -> None:
		"""Records keep who is assigned as a JSON list in `_assign`, which lists show and filter by."""
		alike = defaultdict(list)
		for name, users in assigned.items():
			alike[json.dumps(users)].append(name)
		for as_json, names in alike.items():
			query = frappe.qb.update(self.table).set(self.table["_assign"], as_json)
			query.where(self.table.name.isin(names)).run()

	def change_owners(self, chosen: dict) -> None:
		for user, pairs in chosen.items():
			query = frappe.qb.update(self.table).set(self.table[self.field], user)
			query = query.set(self.table.modified, now()).set(self.table.modified_by, frappe.session.user)
			names = [doc.name for doc, _rule in pairs]
			query.where(self.table.name.isin(names)).run()
			if self.doctype == "Opportunity":
				record_change_of_many(names, "Owner")
				self.pass_on_next_contacts(names, user)
		frappe.clear_document_cache(self.doctype)

	def pass_on_next_contacts(self, opportunities: list[str], user: str) -> None:
		"""Let the new owner do what the former one was to do next on these opportunities."""
		theirs = self.table.name.isin(opportunities) & (self.table.next_contact_by == self.from_user)
		names = [name for (name,) in frappe.qb.from_(self.table).select(self.table.name).where(theirs).run()]
		if names:
			query = frappe.qb.update(self.table).set(self.table.next_contact_by, user)
			query.where(self.table.name.isin(names)).run()
			hand_over_events(names, user)

	def notify(self, chosen: dict) -> None:
		"""Notify each new owner once, however many records came."""
		for user, pairs in chosen.items():
			only = pairs[0][0].name if len(pairs) == 1 else None
			notify(user, partial(self.taken_over, len(pairs)), document_type=self.doctype, document_name=only)

	def taken_over(self, count: int) -> str:
		from_user = frappe.db.get_value("User", self.from_user, "full_name")
		return _("You took over from {0}: {1} ({2}).").format(escaped(from_user), _(self.doctype), count)


class Chooser:
	"""A rule that chooses for many records in a row, remembering in between whose turn it is and who has how much."""

	def __init__(self, rule: str) -> None:
		self.rule = frappe.get_doc("Assignment Rule", rule, for_update=True)
		self.users = [row.user for row in self.rule.users if is_enabled(row.user)]
		self.last = self.rule.last_user
		self.loads = self._loads() if self.rule.rule == "Load Balancing" else {}

	def choose(self, doc: dict) -> str | None:
		"""Return the user whom the rule assigns a record to, if its condition holds."""
		if not self.rule.safe_eval("assign_condition", doc):
			return None
		user = self._next(doc)
		if user:
			self.last = user
			self.loads[user] = self.loads.get(user, 0) + 1
		return user

	def remember(self) -> None:
		if self.last != self.rule.last_user:
			self.rule.db_set("last_user", self.last)

	def _next(self, doc: dict) -> str | None:
		if self.rule.rule == BASED_ON_FIELD:
			user = doc.get(self.rule.field)
			return user if is_enabled(user) else None
		if not self.users:
			return None
		if self.rule.rule == "Load Balancing":
			return rotation.least_loaded(self.users, self.loads)
		return rotation.next_in_turn(self.users, self.last)

	def _loads(self) -> dict[str, int]:
		task = frappe.qb.DocType("ToDo")
		query = frappe.qb.from_(task).select(task.allocated_to, Count(task.name)).groupby(task.allocated_to)
		about = (task.reference_type == self.rule.document_type) & (task.status == "Open")
		return dict(query.where(about & task.allocated_to.isin(in_list(self.users))).run())
