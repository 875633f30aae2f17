"""What clients may say of a record of ours, asked before Frappe looks anything up."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

import frappe
from frappe.model.document import Document

from crm_pipeline.utils import customized_defaults, sent_links, sent_names, sent_rows
from crm_pipeline.utils.confidential import ConfidentialDocument

# In telephone numbers: slashes, dashes that are no hyphens, with the spaces around them.
UNKNOWN_TO_FRAPPE = re.compile(r"\s*[/\u2010-\u2015\u2212]\s*|\u00a0|\u202f")


def act_as_software(doc: Document, ignore_links: bool = True) -> Document:
	"""Let the software save a document: what people must fill, choose or may do does not stop it.

	Args:
		ignore_links: let links pass that lead nowhere; a document that the software makes has none.
	"""
	# What calls this follows from something that was allowed.
	doc.flags.update(
		ignore_permissions=True, ignore_mandatory=True, ignore_links=ignore_links, by_software=True
	)
	return doc


class GuardedDocument(ConfidentialDocument):
	"""A document of which clients send only what is theirs to say.

	Frappe asks whether a document is the latest before it validates links, on insert and on save alike; that is the first
	moment that is ours.
	"""

	# Written by the software alone: what a client sends in them is forgotten, on insert as on update.
	system_fields: ClassVar[tuple[str, ...]] = ()
	# Fields of rows that name a row of another document: its DocType, and the field that names the document.
	linked_rows: ClassVar[dict[str, tuple[str, str]]] = {}

	def check_if_latest(self) -> None:
		sent_links.refuse_other_than_text(self)
		sent_rows.read_positions(self)
		self.hold_related()
		if self.is_new():
			customized_defaults.forget_gone_defaults(self)
			self.check_permission("create")  # released Frappe 15 would look up the links first
			sent_names.refuse_series_name(self)
		super().check_if_latest()
		sent_rows.refuse_foreign_rows(self)
		sent_links.refuse_unreadable(self)
		self.restore_system_fields()

	def hold_related(self) -> None:
		"""Lock what a save changes beside the document, before that itself, so that no two wait for each other."""

	def is_known_link(self, row: Document, field: str) -> bool:
		"""Return whether a new row, or the document, names in a field what its user has read elsewhere: copies keep links."""
		return False

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		if not merge:
			sent_names.refuse_series_name_for(self.meta, new)

	def validate_workflow(self) -> None:
		"""Let a workflow guard what people do; what follows from mails, quotations and jobs passes."""
		if not self.flags.by_software and self.is_guarded():
			super().validate_workflow()  # type: ignore[misc] # the embedded host has none

	def is_guarded(self) -> bool:
		"""Return whether the workflow of a site, if it is on the status, knows the present one."""
		name = self.meta.get_workflow()
		workflow = frappe.get_cached_doc("Workflow", name) if name else None
		if not workflow or workflow.workflow_state_field != "status":
			return True
		present = self.get_doc_before_save() or self
		return present.status in {row.state for row in workflow.states}

	def _validate_data_fields(self) -> None:
		"""Let Frappe check telephone numbers without what people write and its pattern does not know.

		"030 / 123 45-67" is a number; it is stored as written.
		"""
		fields = [df.fieldname for df in self.meta.fields if df.fieldtype == "Data" and df.options == "Phone"]
		written = {field: self.get(field) for field in fields if isinstance(self.get(field), str)}
		self.update({field: UNKNOWN_TO_FRAPPE.sub("-", number) for field, number in written.items()})
		try:
			super()._validate_data_fields()
		finally:
			self.update(written)

	def _validate_selects(self) -> None:
		"""Let an option that was removed in use stop people, who can choose another, and not the software."""
		if not self.flags.by_software:
			super()._validate_selects()

	def update_children(self) -> None:
		"""Write the rows that are not as they are stored, and delete in the tables that have lost some; Frappe would do
		both in all tables at every save.
		"""
		before = self.get_doc_before_save()
		stored = {_place(row): _written(row) for row in before.get_all_children()} if before else {}
		present = {_place(row) for row in self.get_all_children()}
		for row in self.get_all_children():
			row.flags.is_as_stored = stored.get(_place(row)) == _written(row)
		ignored = self.flags.ignore_children_type
		if before:
			complete = self._complete_tables(field for field, _name in stored.keys() - present)
			self.flags.ignore_children_type = [*(ignored or ()), *complete]
		try:
			super().update_children()
		finally:
			self.flags.ignore_children_type = ignored

	def _complete_tables(self, shortened: Iterable[str]) -> set[str]:
		"""Return the DocTypes of rows of which none is to be deleted: what is stored was locked when this save began.

		Args:
			shortened: fields of tables that have lost rows.
		"""
		doctypes = {df.fieldname: df.options for df in self.meta.get_table_fields()}
		return {*doctypes.values()} - {doctypes[field] for field in shortened}

	def restore_system_fields(self) -> None:
		"""Forget what was sent in system fields: they are as stored or, of a new record, empty."""
		if self.flags.by_software:
			return
		before = self.get_doc_before_save()
		for field in self.system_fields:
			self.set(field, before.get(field) if before else self.meta.get_field(field).default)


class GuardedRow(Document):
	"""A row that is written with its document only, so that no check of that is passed by."""

	def check_if_latest(self) -> None:
		sent_rows.refuse_row_alone(self)

	def db_update(self) -> None:
		if not self.flags.pop("is_as_stored", False):
			super().db_update()

	def db_set(self, *args: Any, **kwargs: Any) -> None:
		sent_rows.refuse_row_alone(self)

	def on_trash(self) -> None:
		sent_rows.refuse_row_alone(self)


def _place(row: Document) -> tuple[str, str | None]:
	return row.parentfield, row.name


def _written(row: Document) -> dict[str, Any]:
	"""Return what a row says, other than when it was written and by whom."""
	values = row.get_valid_dict()
	return {field: value for field, value in values.items() if field not in ("modified", "modified_by")}
