"""Documents: the life of a record from insert to cancel, in Frappe's order of events."""

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


def get_doc(*args, **kwargs):
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

	def __init__(self, values: dict | str, name=None, *, for_update: bool = False):
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
		before, after = previous.get(fieldname), self.get(fieldname)
		df = self.meta.get_field(fieldname)
		if df and df.fieldtype in ("Date", "Datetime") and before is not None:
			after = self.get_value(fieldname)
		return before != after

	# saving

	def insert(
		self,
		ignore_permissions: bool | None = None,
		ignore_if_duplicate: bool = False,
		ignore_mandatory: bool | None = None,
		set_name: str | None = None,
	) -> "Document":
		"""Write a new document, with permission, validation and events."""
		if ignore_permissions is not None:
			self.flags.ignore_permissions = ignore_permissions
		if ignore_mandatory is not None:
			self.flags.ignore_mandatory = ignore_mandatory
		self.set("__islocal", True)
		self._set_defaults()
		self._set_user_and_timestamp()
		self._set_docstatus()
		self.check_if_latest()
		self.check_permission("create")
		self._validate_links()
		self.run_method("before_insert")
		self.set_new_name(set_name=set_name)
		self._set_parent_in_children()

		self.flags.in_insert = True
		self.validate_higher_perm_levels()
		self.run_before_save_methods()
		self._validate()
		self._set_docstatus()
		self.flags.in_insert = False
		if self.meta.issingle:
			self._write_single()
		else:
			self.db_insert(ignore_if_duplicate=ignore_if_duplicate)
		for row in self.get_all_children():
			row.db_insert()

		self.run_method("after_insert")
		self.flags.in_insert = True
		if self.get("amended_from"):
			self._validate_amended_from()
		self._run_post_save_methods()
		self.flags.in_insert = False
		return self._clear_new_marks()

	def save(self, ignore_permissions: bool | None = None) -> "Document":
		"""Write the document, with permission, validation and events; insert it when it is new."""
		if ignore_permissions is not None:
			self.flags.ignore_permissions = ignore_permissions
		if self.get("__islocal") or not self.get("name"):
			return self.insert()

		self._set_defaults()
		self.check_permission("write")
		self._set_user_and_timestamp()
		self._set_docstatus()
		self.check_if_latest()
		self._set_parent_in_children()
		for row in self.get_all_children():
			if not row.name:
				set_new_name(row)
		self._validate_links()
		self.validate_higher_perm_levels()
		self.run_before_save_methods()
		if self._action != "cancel":
			self._validate()
		if self._action == "update_after_submit":
			self.validate_update_after_submit()
		self._set_docstatus()
		if self.meta.issingle:
			self._write_single()
		else:
			self.db_update()
		self._update_children()
		self._run_post_save_methods()
		return self._clear_new_marks()

	def _clear_new_marks(self) -> "Document":
		for mark in ("__islocal", "__unsaved"):
			self.__dict__.pop(mark, None)
		return self

	def _write_single(self) -> None:
		self.refuse_what_would_be_lost()
		frappe.db.delete("Singles", {"doctype": self.doctype})
		frappe.db.set_single_value(self.doctype, self.get_valid_dict(), update_modified=False)

	def _update_children(self) -> None:
		"""Make the stored rows those of the document: delete, update, insert."""
		for fieldname, doctype in self._tables.items():
			rows = self.get(fieldname)
			filters = {"parent": cstr(self.name), "parenttype": self.doctype, "parentfield": fieldname}
			kept = [row.name for row in rows if row.name and not row.is_new()]
			frappe.db.delete(doctype, {**filters, "name": ["not in", kept]} if kept else filters)
			for row in rows:
				row.db_update()

	def _set_defaults(self) -> None:
		if frappe.flags.in_import:
			return
		if self.is_new():
			self.update_if_missing(frappe.new_doc(self.doctype, as_dict=True))
		for fieldname, doctype in self._tables.items():
			new_rows = [row for row in self.get(fieldname) or [] if row.is_new()]
			if new_rows:
				defaults = frappe.new_doc(doctype, parent_doc=self, parentfield=fieldname, as_dict=True)
				for row in new_rows:
					row.update_if_missing(defaults)

	def _set_user_and_timestamp(self) -> None:
		self._original_modified = self.modified
		self.modified, self.modified_by = now(), frappe.session.user
		keeps_creation = frappe.flags.in_install or frappe.flags.in_patch or frappe.flags.in_migrate
		if self.is_new() and not (keeps_creation and self.creation):
			self.creation, self.owner = self.modified, self.modified_by
		for row in self.get_all_children():
			row.modified, row.modified_by = self.modified, self.modified_by
			row.owner, row.creation = row.owner or self.owner, row.creation or self.creation
		frappe.flags.currently_saving.append((self.doctype, self.name))

	def _set_docstatus(self) -> None:
		for row in self.get_all_children():
			row.docstatus = self.docstatus

	def _set_parent_in_children(self) -> None:
		for row in self.get_all_children():
			row.parent, row.parenttype = self.name, self.doctype

	def set_new_name(
		self, force: bool = False, set_name: str | None = None, set_child_names: bool = True
	) -> None:
		"""Name the document by its DocType's rule, once, or as `set_name` says; its rows too."""
		if (frappe.flags.api_name_set or self.flags.name_set) and not force:
			return
		if set_name:
			self.name = validate_name(self.doctype, set_name)
		else:
			set_new_name(self)
		for row in self.get_all_children() if set_child_names else ():
			set_new_name(row)
		self.flags.name_set = True

	def check_if_latest(self) -> None:
		"""Compare with what is stored, and find out whether this is a save, submit, cancel or later update.

		:raises frappe.TimestampMismatchError: when it was saved by somebody else since it was read."""
		self._load_doc_before_save()
		self._action = "save"
		previous = self.get_doc_before_save()
		if not previous:
			self._check_docstatus_transition(0)
			return
		read = self._original_modified
		if cstr(previous.modified) != cstr(get_datetime(read) if read and not self.meta.issingle else read):
			message = _("Error: Document has been modified after you have opened it")
			message += f" ({previous.modified}, {self.modified}). "
			message += _("Please refresh to get the latest document.")
			frappe.throw(message, frappe.TimestampMismatchError)
		if not self.meta.issingle:
			self._check_docstatus_transition(previous.docstatus)

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

	def db_set(self, fieldname, value=None, update_modified: bool = True, notify: bool = False) -> None:
		"""Write fields at once, without validation but with before_change and on_change; nobody is there to notify."""
		self.update(fieldname if isinstance(fieldname, dict) else {fieldname: value})
		if update_modified and (self.doctype, self.name) not in frappe.flags.currently_saving:
			self.modified, self.modified_by = now(), frappe.session.user
		if not self.get_doc_before_save():
			self._load_doc_before_save()
		self.run_method("before_change")
		stamp = (self.modified, self.modified_by, update_modified)
		frappe.db.set_value(self.doctype, self.name, fieldname, value, *stamp)
		self.run_method("on_change")
