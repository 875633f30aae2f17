"""Documents: the life of a record from insert to cancel, in Frappe's order of events."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import frappe
from frappe import _
from frappe.model.base_document import BaseDocument, get_controller
from frappe.model.docstatus import DocStatus
from frappe.model.document_actions import DocumentActions
from frappe.model.document_checks import DocumentChecks
from frappe.model.naming import set_new_name, validate_name
from frappe.types import _dict
from frappe.utils import cstr, get_datetime, now

TRANSITIONS = {(0, 0): "save", (0, 1): "submit", (1, 1): "update_after_submit", (1, 2): "cancel"}
DOCSTATUS_LABELS = {0: "0 (Draft)", 1: "1 (Submitted)", 2: "2 (Cancelled)"}


def get_doc(*args: Any, **kwargs: Any) -> "Document":
	"""A document: stored (doctype, name | filters), new (a dict or keywords), or a single (doctype).

	:raises frappe.DoesNotExistError: when a stored one is asked for that is not there."""
	if args and isinstance(args[0], BaseDocument):
		return args[0]
	if args and isinstance(args[0], str):
		return get_controller(args[0])(*args, **kwargs)
	values = args[0] if args else kwargs
	if not isinstance(values, dict):
		raise ValueError("First non keyword argument must be a string or dict")
	if not values.get("doctype"):
		raise ValueError('"doctype" is a required key')
	return get_controller(values["doctype"])(values)


class Document(DocumentActions, DocumentChecks, BaseDocument):
	"""The base of all controllers."""

	def __init__(self, values: dict | str, name: str | None = None, *, for_update: bool = False) -> None:
		self.doctype = self.name = None
		self.flags = _dict()
		if isinstance(values, str):
			self.doctype, self.name = values, values if name is None else name
			if for_update:
				frappe.db.begin()
			self.load_from_db()
		else:
			super().__init__(values)
			self.init_valid_columns()

	def __repr__(self) -> str:
		return f"<{type(self).__name__}: {self.name or 'unsaved'}>"

	# reading

	def load_from_db(self) -> "Document":
		super().__init__(self._load_single() if self.meta.issingle else self._load_row())
		query = "select * from `tab{}` where (parent, parenttype, parentfield) = (%s, %s, %s) order by idx"
		for fieldname, doctype in self._tables.items():
			place = (cstr(self.name), self.doctype, fieldname)
			self.set(fieldname, frappe.db.sql(query.format(doctype), place, as_dict=True))
		self.init_valid_columns()
		self.__dict__.pop("__islocal", None)
		return self

	reload = load_from_db

	def _load_single(self) -> dict:
		stored = frappe.db.get_singles_dict(self.doctype, cast=True)
		values = stored or frappe.new_doc(self.doctype, as_dict=True)
		return {**values, "doctype": self.doctype, "name": self.doctype}

	def _load_row(self) -> dict:
		row = frappe.db.get_value(self.doctype, self.name, "*", as_dict=True, order_by=None)
		if not row:
			exception = frappe.DoesNotExistError(doctype=self.doctype)
			frappe.throw(_("{0} {1} not found").format(_(self.doctype), self.name), exception)
		return {**row, "doctype": self.doctype}

	def get_doc_before_save(self) -> "Document | None":
		return self.__dict__.get("_doc_before_save")

	def has_value_changed(self, fieldname: str) -> bool:
		"""Whether the save in work changes a field; always so in a new document."""
		previous = self.get_doc_before_save()
		if not previous:
			return True
		stored = previous.get(fieldname)
		fieldtype = getattr(self.meta.get_field(fieldname), "fieldtype", None)
		is_moment = stored is not None and fieldtype in ("Date", "Datetime")
		return stored != (self.get_value(fieldname) if is_moment else self.get(fieldname))

	# saving

	def insert(
		self,
		ignore_permissions: bool | None = None,
		ignore_if_duplicate: bool = False,
		ignore_mandatory: bool | None = None,
		set_name: str | None = None,
	) -> "Document":
		"""Write a new document, with permission, validation and events."""
		self._set_switches(ignore_permissions=ignore_permissions, ignore_mandatory=ignore_mandatory)
		self.set("__islocal", True)
		self._prepare()
		self.check_permission("create")
		self._validate_links()
		self.run_method("before_insert")
		self.set_new_name(set_name=set_name)
		with self._inserting():
			self._check()
		self._write(ignore_if_duplicate)
		self.run_method("after_insert")
		with self._inserting():
			self._conclude()
		return self

	def save(self, ignore_permissions: bool | None = None) -> "Document":
		"""Write the document, with permission, validation and events; insert it when it is new."""
		self._set_switches(ignore_permissions=ignore_permissions)
		if not self.get("name") or self.is_new():
			return self.insert()
		self._prepare(right="write")
		for row in self.get_all_children():
			if not row.name:
				set_new_name(row)
		self._validate_links()
		self._check()
		self._write()
		self._conclude()
		return self

	def _set_switches(self, **switches: bool | None) -> None:
		self.flags.update({name: value for name, value in switches.items() if value is not None})

	@contextmanager
	def _inserting(self) -> Iterator[None]:
		self.flags.in_insert = True
		yield
		self.flags.in_insert = False

	def _prepare(self, right: str | None = None) -> None:
		"""Complete the document, and find out what is asked of it; before that, whether the user has this right."""
		self._set_defaults()
		if right:
			self.check_permission(right)
		self._stamp()
		self._lead_rows()
		self.check_if_latest()

	def _check(self) -> None:
		"""Let the levels of fields, the events before a save and the rules of fields have their say."""
		self._lead_rows()
		self.validate_higher_perm_levels()
		self.run_before_save_methods()
		if self._action != "cancel":
			self._validate()
		if self._action == "update_after_submit":
			self.validate_update_after_submit()
		self._lead_rows()

	def _write(self, ignore_if_duplicate: bool = False) -> None:
		is_new = self.is_new()
		if self.meta.issingle:
			self._write_single()
		elif is_new:
			self.db_insert(ignore_if_duplicate=ignore_if_duplicate)
		else:
			self.db_update()
		if not is_new:
			self.update_children()
			return
		for row in self.get_all_children():
			row.db_insert()

	def _conclude(self) -> None:
		"""Tell everybody who wants to know of the save. The document is no new one from here on."""
		if self.flags.in_insert and self.get("amended_from"):
			self._validate_amended_from()
		self._run_post_save_methods()
		for mark in ("__islocal", "__unsaved"):
			self.__dict__.pop(mark, None)

	def _write_single(self) -> None:
		self.refuse_what_would_be_lost()
		frappe.db.delete("Singles", {"doctype": self.doctype})
		frappe.db.set_single_value(self.doctype, self.get_valid_dict(), update_modified=False)

	def update_children(self) -> None:
		"""Make the stored rows those of the document: delete, but none of the DocTypes in a flag, update, insert."""
		for fieldname, doctype in self._tables.items():
			rows = self.get(fieldname)
			filters = {"parent": cstr(self.name), "parenttype": self.doctype, "parentfield": fieldname}
			kept = [row.name for row in rows if row.name and not row.is_new()]
			if doctype not in (self.flags.ignore_children_type or ()):
				frappe.db.delete(doctype, {**filters, "name": ["not in", kept]} if kept else filters)
			for row in rows:
				row.db_update()

	def _set_defaults(self) -> None:
		if frappe.flags.in_import:
			return
		for each in filter(BaseDocument.is_new, (self, *self.get_all_children())):
			place = {} if each is self else {"parent_doc": self, "parentfield": each.parentfield}
			each.update_if_missing(frappe.new_doc(each.doctype, as_dict=True, **place))

	def _stamp(self) -> None:
		"""Note who saves the document and its rows, and when; of new ones, who made them."""
		self._original_modified = self.modified
		by = {"modified": now(), "modified_by": frappe.session.user}
		flags = frappe.flags
		keeps_creation = self.creation and (flags.in_install or flags.in_patch or flags.in_migrate)
		if self.is_new() and not keeps_creation:
			self.creation, self.owner = by.values()
		for each in (self, *self.get_all_children()):
			made = {"creation": each.creation or self.creation, "owner": each.owner or self.owner}
			vars(each).update(by | made)
		flags.currently_saving.append((self.doctype, self.name))

	def _lead_rows(self) -> None:
		"""Let the rows have the document's status, and know whose they are."""
		of_document = {"docstatus": self.docstatus, "parent": self.name, "parenttype": self.doctype}
		for row in self.get_all_children():
			vars(row).update(of_document)

	def set_new_name(
		self, force: bool = False, set_name: str | None = None, set_child_names: bool = True
	) -> None:
		"""Name the document by its DocType's rule, once, or as `set_name` says; its rows too."""
		if not force and (frappe.flags.api_name_set or self.flags.name_set):
			return
		unnamed = [] if set_name else [self]
		if set_name:
			self.name = validate_name(self.doctype, set_name)
		for each in unnamed + (self.get_all_children() if set_child_names else []):
			set_new_name(each)
		self.flags.name_set = True

	def check_if_latest(self) -> None:
		"""Compare with what is stored, and find out whether this is a save, submit, cancel or later update.

		:raises frappe.TimestampMismatchError: when it was saved by somebody else since it was read."""
		self._action = "save"
		self._load_doc_before_save()
		previous = self.get_doc_before_save()
		if previous:
			self._refuse_stale(previous)
		if not (previous and self.meta.issingle):
			self._check_docstatus_transition(previous.docstatus if previous else 0)

	def _refuse_stale(self, stored: "Document") -> None:
		read = self._original_modified
		if read and not self.meta.issingle:
			with suppress(ValueError, OverflowError, TypeError):  # no time that there is, so another one
				read = get_datetime(read)
		if cstr(read) == cstr(stored.modified):
			return
		changed = _("Error: Document has been modified after you have opened it")
		advice = _("Please refresh to get the latest document.")
		message = f"{changed} ({stored.modified}, {self.modified}). {advice}"
		frappe.throw(message, frappe.TimestampMismatchError)

	def _check_docstatus_transition(self, before: DocStatus) -> None:
		after = self.docstatus
		if before == 2:
			raise frappe.ValidationError(_("Cannot edit cancelled document"))
		if after not in DOCSTATUS_LABELS:
			raise frappe.ValidationError(_("Invalid docstatus"), after)
		if (before, after) not in TRANSITIONS:
			message = _("Cannot change docstatus from {0} to {1}")
			labels = DOCSTATUS_LABELS[before], DOCSTATUS_LABELS[after]
			raise frappe.DocstatusTransitionError(message.format(*labels))
		self._action = TRANSITIONS[before, after]
		if self._action != "save":
			self.check_permission("cancel" if self._action == "cancel" else "submit")

	def _load_doc_before_save(self) -> None:
		stored = None if self.is_new() else frappe.get_doc(self.doctype, self.name, for_update=True)
		self.__dict__["_doc_before_save"] = stored

	def db_set(
		self, fieldname: str | dict, value: Any = None, update_modified: bool = True, notify: bool = False
	) -> None:
		"""Write fields at once, without validation but with before_change and on_change; nobody is there to notify."""
		values = dict(fieldname) if isinstance(fieldname, dict) else {fieldname: value}
		stamp = {"modified": now(), "modified_by": frappe.session.user}
		is_being_saved = (self.doctype, self.name) in frappe.flags.currently_saving
		self.update(values if is_being_saved or not update_modified else {**values, **stamp})
		if not self.get_doc_before_save():
			self._load_doc_before_save()
		self.run_method("before_change")
		if update_modified:
			values.update({field: self.get(field) for field in stamp})
		frappe.db.set_value(self.doctype, self.name, values, update_modified=False)
		self.run_method("on_change")
