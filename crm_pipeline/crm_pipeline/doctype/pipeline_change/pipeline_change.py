import frappe
from frappe import _

from crm_pipeline.exceptions import HistoryIsAppendOnly
from crm_pipeline.utils.confidential import ConfidentialDocument


class PipelineChange(ConfidentialDocument):
	"""Written in bulk by `history.changes`; no document of it is ever saved, renamed or deleted alone."""

	def validate(self) -> None:
		refuse()

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		refuse()

	def on_trash(self) -> None:
		refuse()


def refuse() -> None:
	"""Refuse to change the history, whoever asks."""
	frappe.throw(
		_("The history of an opportunity is written by the system and cannot be edited."),
		HistoryIsAppendOnly,
		title=_("History Is Append-only"),
	)


def on_doctype_update() -> None:
	"""Index what every change of an opportunity asks for: its newest change."""
	frappe.db.add_index("Pipeline Change", ["opportunity", "idx"])
