"""Documents whose fields hang together, whatever another app's hooks make of them.

Hooks and scripts on `validate` and `before_save` run after ours. What they change is taken as if it had been sent with
the rest: what follows is derived once more from all of it, with the same refusals, before anything is written.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple
from weakref import WeakKeyDictionary

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document
from frappe.model.meta import Meta
from frappe.utils import cstr, flt

from crm_pipeline.exceptions import ChangeDoesNotStand, SettledBySaving
from crm_pipeline.utils.guarded_document import GuardedDocument
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.messages import Messages

NUMBERS = ("Check", "Currency", "Float", "Int", "Percent")


class SettledDocument(GuardedDocument):
	"""A document that derives some fields from others in `settle_fields`, which is to be its whole `validate`."""

	# Another app may set them only to what follows from the rest; what the software does passes all the same.
	decisive_fields: ClassVar[tuple[str, ...]] = ("status",)
	# What no code may write apart from the rest.
	fields_by_saving: ClassVar[tuple[str, ...]] = ()
	# Attributes, no fields, that `settle_fields` reads and sets.
	settling_state: ClassVar[tuple[str, ...]] = ()

	def settle_fields(self) -> None:
		raise NotImplementedError

	def validate(self) -> None:
		state = {name: getattr(self, name) for name in self.settling_state}
		sent = Snapshot(self)
		self.settle_fields()
		self._settling = state, sent, Snapshot(self)

	def run_before_save_methods(self) -> None:
		self.__dict__.pop("_settling", None)
		super().run_before_save_methods()
		if self._action == "cancel":
			self.restore_cancelled()
		elif settling := self.__dict__.pop("_settling", None):
			self.settle_again(*settling)

	def settle_again(self, state: dict, sent: "Snapshot", settled: "Snapshot") -> None:
		"""Derive once more if somebody changed something since.

		Raises:
			ChangeDoesNotStand
		"""
		touched = settled.differences_from(self)
		if not touched:
			return
		changed = touched - {*self.system_fields, *self.fields_to_keep()}
		given = {field: self.get(field) for field in changed.intersection(self.decisive_fields)}
		sent.restore(self, sent.fields - changed)
		vars(self).update(state)
		with self.naming_changes(changed), telling_once():
			self.before_validate()
			self.settle_fields()
			self.refuse_what_does_not_stand(given)

	def fields_to_keep(self) -> Iterable[str]:
		"""Return the fields that another app's change does not reach; people are told of theirs."""
		return self.decisive_fields if self.flags.by_software else ()

	def refuse_what_does_not_stand(self, given: dict) -> None:
		for field, value in given.items():
			if cstr(self.get(field)) != cstr(value):
				frappe.throw(
					_("{0} of {1} cannot be {2}: what it follows from makes it {3}.").format(
						bold(_(self.meta.get_label(field))),
						self.name,
						bold(_(cstr(value))),
						bold(_(cstr(self.get(field)))),
					),
					ChangeDoesNotStand,
					title=_("Change Does Not Stand"),
				)

	@contextmanager
	def naming_changes(self, changed: set[str]) -> Iterator[None]:
		"""Say, if the changes are refused, that they are not the user's."""
		try:
			yield
		except frappe.ValidationError:
			labels = sorted(escaped(_(self.meta.get_label(field))) for field in changed)
			if labels:
				frappe.msgprint(
					_("Another app or a script of this site changed this while saving: {0}.").format(
						", ".join(labels)
					)
				)
			raise

	def validate_workflow(self) -> None:
		"""Let a workflow refuse or pass, but give no status, as Frappe would on submission."""
		settled = {field: self.get(field) for field in self.decisive_fields}
		super().validate_workflow()
		self.update(settled)

	def restore_cancelled(self) -> None:
		"""Let cancelling change nothing but the status."""
		stored = Snapshot(self.get_doc_before_save() or self)
		stored.restore(self, stored.differences_from(self))
		self.status = "Cancelled"

	def db_set(self, fieldname: str | dict, value: Any = None, *args: Any, **kwargs: Any) -> None:
		"""Write fields past all checks, but none that others follow from or that follow from others.

		Raises:
			SettledBySaving
		"""
		fields = fieldname if isinstance(fieldname, dict) else (fieldname,)
		if fixed := [field for field in fields if field in self.fields_by_saving]:
			frappe.throw(
				_("Set {0} of {1} {2} and save it: what hangs together is settled by saving only.").format(
					", ".join(bold(_(self.meta.get_label(field))) for field in fixed),
					_(self.doctype),
					self.name,
				),
				SettledBySaving,
				title=_("Save Instead"),
			)
		super().db_set(fieldname, value, *args, **kwargs)


@contextmanager
def telling_once() -> Iterator[None]:
	"""Drop the messages that users have been given before."""
	messages = Messages()
	yield
	said = frappe.local.message_log
	said += [message for message in messages.take_back() if message not in said]


class Snapshot:
	"""What a document says in the fields of its DocType, rows included; custom fields are nobody's business here."""

	def __init__(self, doc: Document) -> None:
		self.values = _values(doc)
		self.rows = {
			table: [(row, _values(row)) for row in doc.get(table) or ()] for table in _fields_of(doc).tables
		}

	@property
	def fields(self) -> set[str]:
		return {*self.values, *self.rows}

	def differences_from(self, doc: Document) -> set[str]:
		"""Return the fields that say something else by now."""
		changed = {field for field, value in self.values.items() if _differs(doc, field, value)}
		return changed | {table for table in self.rows if self._rows_differ(table, doc)}

	def _rows_differ(self, table: str, doc: Document) -> bool:
		was, now = self.rows[table], doc.get(table) or []
		return len(was) != len(now) or any(
			row.name != present.name
			or any(_differs(present, field, value) for field, value in values.items())
			for (row, values), present in zip(was, now, strict=True)
		)

	def restore(self, doc: Document, fields: set[str]) -> None:
		"""Let a document say in some fields what it said then."""
		doc.update({field: value for field, value in self.values.items() if field in fields})
		for table in fields.intersection(self.rows):
			for row, values in self.rows[table]:
				row.update(values)
			doc.set(table, [row for row, _values in self.rows[table]])


class Fields(NamedTuple):
	"""The fields of a DocType by name, other than custom ones: those with a value of their own, and the tables."""

	values: tuple[str, ...]
	tables: tuple[str, ...]


FIELDS: WeakKeyDictionary[Meta, Fields] = WeakKeyDictionary()


def _fields_of(doc: Document) -> Fields:
	"""Return the fields of a document; they are looked through once for each meta, of which a save asks many times."""
	meta = doc.meta
	if (known := FIELDS.get(meta)) is None:
		own = [df for df in meta.fields if not df.get("is_custom_field")]
		values = tuple(df.fieldname for df in own if df.fieldtype not in no_value_fields)
		known = Fields(values, tuple(df.fieldname for df in own if df.fieldtype in table_fields))
		FIELDS[meta] = known
	return known


def _values(doc: Document) -> dict:
	return {field: doc.get(field) for field in _fields_of(doc).values}


def _differs(doc: Document, field: str, was: Any) -> bool:
	now = doc.get(field)
	return now is not was and not _equal(doc, field, was, now)


def _equal(doc: Document, field: str, one: Any, other: Any) -> bool:
	if doc.meta.get_field(field).fieldtype in NUMBERS:
		return flt(one) == flt(other) and (one is None) == (other is None)
	return cstr(one) == cstr(other)
