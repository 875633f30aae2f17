"""Opportunities and leads have an owner, who goes along with Frappe's assignments: open ToDos on the record."""

from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.model.document import Document

from crm_pipeline.assignment.rules import auto_assigning_rules
from crm_pipeline.rules import status
from crm_pipeline.utils.guarded_document import GuardedDocument
from crm_pipeline.utils.locking import lock_first, translate_conflicts
from crm_pipeline.utils.markup import escaped
from crm_pipeline.utils.prepared import look_up


class Assignable(NamedTuple):
	"""The field that names the owner, and the statuses in which somebody has to work on the record."""

	field: str
	in_play: frozenset[str]


ASSIGNABLE = {
	"Opportunity": Assignable("opportunity_owner", status.IN_PLAY),
	"Lead": Assignable("lead_owner", frozenset(("Open", "Replied", "Opportunity"))),
}


class AssignableDocument(GuardedDocument):
	"""What a save does about the owner; the rules of Frappe run after `on_update` and before `on_change`."""

	@property
	def assignable(self) -> Assignable:
		return ASSIGNABLE[self.doctype]

	def set_owner(self) -> None:
		"""Let whoever enters a record own it, unless an assignment rule is there to choose."""
		if not self.get(self.assignable.field) and not auto_assigning_rules(
			self.doctype, self.assignable.field
		):
			self.set(self.assignable.field, entering_user())

	def default_owner_from_assignment(self) -> None:
		"""Let a record that is assigned have an owner: whoever has it for longest."""
		before = self.get_doc_before_save()
		is_assigned = bool(before and frappe.parse_json(before.get("_assign") or "[]"))
		if is_assigned and not self.get(self.assignable.field):
			self.set(self.assignable.field, first_assigned(self))

	def save(self, *args: Any, **kwargs: Any) -> Document:
		outer = frappe.flags.finished_tasks_of
		try:
			return super().save(*args, **kwargs)
		finally:
			frappe.flags.finished_tasks_of = outer

	def refresh_owner(self) -> None:
		"""See the owner whom an assignment gave meanwhile; what no rule gave to anybody is whose who entered it."""
		if self.get(self.assignable.field):
			return
		stored = look_up(self.doctype, self.name, [self.assignable.field])
		user = stored and stored[self.assignable.field]
		if not user and self.flags.in_insert and (user := entering_user()):
			frappe.db.set_value(self.doctype, self.name, self.assignable.field, user, update_modified=False)
		self.set(self.assignable.field, user)

	def keep_tasks_finished(self) -> None:
		"""Until this save is over, Frappe's rules do not reopen what is done, unless the record was reopened."""
		before = self.get_doc_before_save()
		if before and not (self.is_in_play() and before.status not in self.assignable.in_play):
			frappe.flags.finished_tasks_of = (self.doctype, self.name)

	def is_in_play(self) -> bool:
		return self.status in self.assignable.in_play

	def sync_assignment(self) -> None:
		"""Give a new owner an assignment and end the former one's; when the record is over, all end."""
		before = self.get_doc_before_save()
		if not self.is_in_play():
			if before and before.status in self.assignable.in_play:
				finish_assignments(self, "Closed")
		elif not _in_bulk():
			self._hand_to_owner(before)

	def _hand_to_owner(self, before: Document | None) -> None:
		former = before.get(self.assignable.field) if before else None
		user = self.get(self.assignable.field)
		if user == former:
			return
		if former:
			finish_assignments(self, "Cancelled", allocated_to=former)
		if user and (before or entering_user() not in (None, user)):
			assign_owner(self, user)


def hold_record(task: Document, method: str | None = None) -> None:
	"""Let the second of two who assign the same record at once wait until the first is through.

	Frappe has each wait for the ToDo of the other, until the database refuses one of them.
	"""
	if task.reference_type in ASSIGNABLE and task.reference_name:
		table = frappe.qb.DocType(task.reference_type)
		query = frappe.qb.from_(table).select(table.name).where(table.name == task.reference_name)
		with translate_conflicts(task.reference_type, task.reference_name):
			lock_first(query.for_update().run)


def fill_owner(task: Document, method: str | None = None) -> None:
	"""Make whoever gets an open ToDo on an opportunity or lead its owner, if it has none."""
	assignable = ASSIGNABLE.get(task.reference_type)
	if not assignable or task.status != "Open" or not is_enabled(task.allocated_to):
		return
	if frappe.db.get_value(task.reference_type, task.reference_name, assignable.field):
		return
	doc = frappe.get_doc(task.reference_type, task.reference_name, for_update=True)
	may = task.assignment_rule or doc.has_permission("write")
	if may and doc.is_in_play() and not doc.get(assignable.field):
		doc.db_set(assignable.field, task.allocated_to, update_modified=False)


def keep_finished(task: Document, method: str | None = None) -> None:
	"""Frappe's rules reopen every closed ToDo when they run on a record; what somebody finished stays so."""
	if task.is_new() or (task.reference_type, task.reference_name) != frappe.flags.finished_tasks_of:
		return
	if task.status == "Open" and frappe.db.get_value("ToDo", task.name, "status") == "Closed":
		task.status = "Closed"


def assign_owner(doc: Document, user: str) -> None:
	"""Give the owner an open ToDo, by Frappe's own assignment; not a second one."""
	of_user = {"reference_type": doc.doctype, "reference_name": doc.name, "allocated_to": user}
	if not is_enabled(user) or frappe.db.exists("ToDo", {**of_user, "status": "Open"}):
		return
	assign_to.add(
		{
			"assign_to": [user],
			"doctype": doc.doctype,
			"name": doc.name,
			"description": escaped(_("You own {0}.").format(doc.get_title())),
		},
		# Whoever may set the owner may let them know.
		ignore_permissions=True,
	)


def finish_assignments(doc: Document, new_status: str, **filters: Any) -> None:
	"""End the open ToDos on a record as Frappe ends assignments: Closed as done, Cancelled as taken away."""
	on_record = {"reference_type": doc.doctype, "reference_name": doc.name, "status": "Open"}
	for task in frappe.get_all("ToDo", {**on_record, **filters}, ["name", "allocated_to"]):
		# It follows from a change of the record, which was allowed.
		assign_to.set_status(
			doc.doctype, doc.name, task.name, task.allocated_to, new_status, ignore_permissions=True
		)


def first_assigned(doc: Document) -> str | None:
	"""Return who has the oldest open ToDo on a record."""
	filters = {"reference_type": doc.doctype, "reference_name": doc.name, "status": "Open"}
	rows = frappe.get_all("ToDo", filters, pluck="allocated_to", order_by="creation", limit=1)
	return rows[0] if rows else None


def is_enabled(user: str | None) -> bool:
	return bool(user and frappe.db.get_value("User", user, "enabled"))


def entering_user() -> str | None:
	"""Return the user who enters what is saved now; None if it is the software: a mail, a job, a script as Administrator."""
	user = frappe.session.user
	return None if user in frappe.STANDARD_USERS else user


def _in_bulk() -> bool:
	"""Return whether records come in by the hundred, when a ToDo for each would be noise."""
	flags = frappe.flags
	return bool(flags.in_import or flags.in_install or flags.in_patch or flags.in_migrate)
