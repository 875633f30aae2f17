"""All that a move can change of an opportunity: its fields and rows, calendar entry, tasks, comments and quotations.

Frappe's versions do not do: they keep values as they are shown, in the words and digits of whoever saved.
"""

import json
from typing import NamedTuple

import frappe
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document

from crm_pipeline.history.changes import last_state
from crm_pipeline.quoting.quotations import quotations_of

# What is written is stamped; the history says when it changed.
STAMPS = ("modified", "modified_by", "last_change_on")


class Snapshot(NamedTuple):
	"""The values are those of JSON, so that what was stored meanwhile compares with what is there.

	doc: the opportunity's fields, with lists of rows.
	event: the calendar entry of the next contact, with its rows, or None.
	tasks: status by the name of each ToDo on the opportunity.
	comments: what people wrote on it; by name, when each was last written.
	calls: its mails, calls and the like, in the same way.
	quotations: state by name.
	change: the number of its newest change in the history; none that there is in what an earlier version kept.
	"""

	doc: dict
	event: dict | None
	tasks: dict[str, str]
	comments: dict[str, str]
	calls: dict[str, str]
	quotations: dict[str, str]
	change: int = -1

	def changed_fields(self, other: "Snapshot") -> list[str]:
		"""Return the fields, tables included, in which two snapshots of one opportunity differ."""
		return [field for field in self.doc if field not in STAMPS and not self._agrees(other, field)]

	def _agrees(self, other: "Snapshot", field: str) -> bool:
		mine, theirs = self.doc[field], other.doc[field]
		if isinstance(mine, list):
			return _without_stamps(mine) == _without_stamps(theirs)
		return (mine or None) == (theirs or None)

	def is_as(self, other: "Snapshot") -> bool:
		"""Return whether nobody touched the opportunity between two snapshots."""
		return (self.doc["modified"], self.event, self.quotations, self.change) == (
			other.doc["modified"],
			other.event,
			other.quotations,
			other.change,
		) and not self.changed_fields(other)

	def noted_since(self, former: "Snapshot") -> dict[str, set[tuple[str, str]]]:
		"""Return what was noted that a former snapshot does not have, by DocType: name, and when it was last written."""
		return {
			"Comment": self.comments.items() - former.comments.items(),
			"Communication": self.calls.items() - former.calls.items(),
		}

	def is_wholly_as(self, other: "Snapshot") -> bool:
		"""Return whether nothing at all happened between two snapshots, neither to the opportunity nor on it."""
		return self.is_as(other) and (self.comments, self.calls) == (other.comments, other.calls)

	def as_text(self) -> str:
		return json.dumps(self._asdict())

	@classmethod
	def from_text(cls, text: str) -> "Snapshot":
		return cls(**json.loads(text))


def take(opportunity: str) -> Snapshot:
	"""Return the state of an opportunity, as it is stored."""
	return take_held(frappe.get_doc("Opportunity", opportunity))


def take_held(doc: Document) -> Snapshot:
	"""Return the state of an opportunity that is as it is stored, and nobody else changes."""
	opportunity, event = doc.name, doc.follow_up_event
	newest = last_state(opportunity)
	noted = {"reference_doctype": "Opportunity", "reference_name": opportunity}
	return Snapshot(
		_values_of(doc),
		_values_of(frappe.get_doc("Event", event)) if event and frappe.db.exists("Event", event) else None,
		_tasks_of(opportunity),
		_written_on("Comment", {**noted, "comment_type": "Comment"}),
		_written_on("Communication", noted),
		{quotation.name: quotation.state for quotation in quotations_of(opportunity)},
		newest.idx if newest else 0,
	)


def _written_on(doctype: str, which: dict) -> dict[str, str]:
	rows = frappe.get_all(doctype, which, ["name", "modified"], order_by="name")
	return {row.name: str(row.modified) for row in rows}


def _tasks_of(opportunity: str) -> dict[str, str]:
	on_record = {"reference_type": "Opportunity", "reference_name": opportunity}
	rows = frappe.get_all("ToDo", on_record, ["name", "status"], order_by="name")
	return {row.name: row.status for row in rows}


def _values_of(doc: Document) -> dict:
	values = {"name": doc.name, "owner": doc.owner, **{stamp: doc.get(stamp) for stamp in STAMPS}}
	for df in doc.meta.fields:
		if df.fieldtype in table_fields:
			values[df.fieldname] = [dict(row.get_valid_dict()) for row in doc.get(df.fieldname)]
		elif df.fieldtype not in no_value_fields and not df.get("is_virtual"):
			values[df.fieldname] = doc.get(df.fieldname)
	return json.loads(frappe.as_json(values))


def _without_stamps(rows: list[dict]) -> list[dict]:
	return [{key: value for key, value in row.items() if key not in STAMPS} for row in rows]
