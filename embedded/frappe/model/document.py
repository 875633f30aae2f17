"""Documents: the life of a record from insert to cancel, in Frappe's order of events."""

import frappe
from frappe import _
from frappe.model.base_document import BaseDocument, get_controller
from frappe.model.docstatus import DocStatus
from frappe.model.document_actions import DocumentActions
from frappe.model.document_events import DocumentEvents
from frappe.model.document_permissions import DocumentPermissions
from frappe.model.document_validation import DocumentValidation
from frappe.model.naming import set_new_name, validate_name
from frappe.types import _dict
from frappe.utils import cstr, now

TRANSITIONS = {(0, 0): "save", (0, 1): "submit", (1, 1): "update_after_submit", (1, 2): "cancel"}
DOCSTATUS_LABELS = {0: "0 (Draft)", 1: "1 (Submitted)", 2: "2 (Cancelled)"}


def get_doc(*args, **kwargs):
	"""A document: stored (doctype, name | filters), new (a dict or keywords), or a single (doctype).

	:raises frappe.DoesNotExistError: when a stored one is asked for that is not there."""
	if args and isinstance(args[0], BaseDocument):
		return args[0]
	if args and isinstance(args[0], str):
		return get_controller(args[0])(*args, **kwargs)
	values = args[0] if args and isinstance(args[0], dict) else kwargs
	if not values.get("doctype"):
		raise ValueError('"doctype" is a required key')
	return get_controller(values["doctype"])(values)


class Document(DocumentActions, DocumentEvents, DocumentPermissions, DocumentValidation, BaseDocument):
	"""The base of all controllers."""

	def __init__(self, *args, **kwargs):
		self.doctype = self.name = None
		self.flags = _dict()
		if args and isinstance(args[0], str):
			self.doctype = args[0]
			self.name = args[1] if len(args) > 1 else self.doctype
			self.flags.for_update = kwargs.get("for_update")
			self.load_from_db()
			return
		values = args[0] if args and args[0] else kwargs
		if not isinstance(values, dict) or not values:
			raise ValueError("Illegal arguments")
		super().__init__(values)
		self.init_valid_columns()

	def __repr__(self) -> str:
		docstatus = f" docstatus={int(self.docstatus)}" if self.docstatus else ""
		parent = f" parent={self.parent}" if self.get("parent") else ""
		return f"<{type(self).__name__}: {self.name or 'unsaved'}{docstatus}{parent}>"

	def __str__(self) -> str:
		return f"{type(self).__name__}({self.name or 'unsaved'})"

	# reading

	def load_from_db(self) -> "Document":
		if self.flags.for_update:
			frappe.db.begin()
		super().__init__(self._load_single() if self.meta.issingle else self._load_row())
		for df in self.meta.get_table_fields():
			self.set(df.fieldname, self._load_rows(df))
		self.init_valid_columns()
		self.__dict__.pop("__islocal", None)
		if hasattr(self, "__setup__"):
			self.__setup__()
		return self

	reload = load_from_db

	def _load_single(self) -> dict:
		values = frappe.db.get_singles_dict(self.doctype, cast=True)
		if not values:
			values = frappe.new_doc(self.doctype, as_dict=True)
		return {**values, "doctype": self.doctype, "name": self.doctype}

	def _load_row(self) -> dict:
		row = frappe.db.get_value(self.doctype, self.name, "*", as_dict=True, order_by=None)
		if not row:
			exception = frappe.DoesNotExistError(doctype=self.doctype)
			frappe.throw(_("{0} {1} not found").format(_(self.doctype), self.name), exception)
		return {**row, "doctype": self.doctype}

	def _load_rows(self, df) -> list[dict]:
		query = f"select * from `tab{df.options}` where parent = %s and parenttype = %s and parentfield = %s order by idx"
		return frappe.db.sql(query, (cstr(self.name), self.doctype, df.fieldname), as_dict=True)

	def get_latest(self) -> "Document":
		if not self.__dict__.get("_latest"):
			self.__dict__["_latest"] = frappe.get_doc(self.doctype, self.name)
		return self.__dict__["_latest"]

	def get_doc_before_save(self) -> "Document | None":
		return self.__dict__.get("_doc_before_save")

	def has_value_changed(self, fieldname: str) -> bool:
		"""Whether the save in work changes a field; always so in a new document."""
		previous = self.get_doc_before_save()
		if not previous:
			return True
		before, after = previous.get(fieldname), self.get(fieldname)
		df = self.meta.get_field(fieldname)
		if df and df.fieldtype in ("Date", "Datetime", "Time") and before is not None:
			after = self.cast(after, df)
		return before != after

	def db_get(self, fieldname: str):
		return frappe.db.get_value(self.doctype, self.name, fieldname)

	# saving

	def insert(
		self,
		ignore_permissions: bool | None = None,
		ignore_links: bool | None = None,
		ignore_if_duplicate: bool = False,
		ignore_mandatory: bool | None = None,
		set_name: str | None = None,
		set_child_names: bool = True,
	) -> "Document":
		"""Write a new document, with permission, validation and events."""
		switches = {
			"ignore_permissions": ignore_permissions,
			"ignore_links": ignore_links,
			"ignore_mandatory": ignore_mandatory,
		}
		self.flags.update({key: value for key, value in switches.items() if value is not None})
		self.set("__islocal", True)
		self._set_defaults()
		self.set_user_and_timestamp()
		self.set_docstatus()
		self.check_if_latest()
		self._validate_links()
		self.check_permission("create")
		self.run_method("before_insert")
		self.set_new_name(set_name=set_name, set_child_names=set_child_names)
		self.set_parent_in_children()
		self.validate_higher_perm_levels()

		self.flags.in_insert = True
		self.run_before_save_methods()
		self._validate()
		self.set_docstatus()
		self.flags.in_insert = False
		self._write_parent(ignore_if_duplicate)
		for row in self.get_all_children():
			row.db_insert()

		self.run_method("after_insert")
		self.flags.in_insert = True
		if self.get("amended_from"):
			self.validate_amended_from()
		self.run_post_save_methods()
		self.flags.in_insert = False
		self._clear_new_marks()
		return self

	def save(self, *args, **kwargs) -> "Document":
		"""Write the document, with permission, validation and events; insert it when it is new."""
		return self._save(*args, **kwargs)

	def _save(self, ignore_permissions: bool | None = None, ignore_version: bool | None = None) -> "Document":
		if ignore_permissions is not None:
			self.flags.ignore_permissions = ignore_permissions
		self.flags.ignore_version = frappe.flags.in_test if ignore_version is None else ignore_version
		if self.get("__islocal") or not self.get("name"):
			return self.insert()

		self._set_defaults()
		self.check_permission("write")
		self.set_user_and_timestamp()
		self.set_docstatus()
		self.check_if_latest()
		self.set_parent_in_children()
		self.set_name_in_children()
		self.validate_higher_perm_levels()
		self._validate_links()
		self.run_before_save_methods()
		if self._action != "cancel":
			self._validate()
		if self._action == "update_after_submit":
			self.validate_update_after_submit()
		self.set_docstatus()
		self._write_parent()
		self.update_children()
		self.run_post_save_methods()
		self._clear_new_marks()
		return self

	def _clear_new_marks(self) -> None:
		for mark in ("__islocal", "__unsaved"):
			self.__dict__.pop(mark, None)

	def _write_parent(self, ignore_if_duplicate: bool = False) -> None:
		if self.meta.issingle:
			self.update_single(self.get_valid_dict())
		elif self.is_new():
			self.db_insert(ignore_if_duplicate=ignore_if_duplicate)
		else:
			self.db_update()

	def update_single(self, values: dict) -> None:
		frappe.db.delete("Singles", {"doctype": self.doctype})
		for field, value in values.items():
			frappe.db.sql(
				"insert into `tabSingles` (doctype, field, value) values (%s, %s, %s)", (self.doctype, field, value)
			)
		frappe.clear_document_cache(self.doctype, self.doctype)

	def update_children(self) -> None:
		for df in self.meta.get_table_fields():
			self.update_child_table(df.fieldname, df)

	def update_child_table(self, fieldname: str, df=None) -> None:
		"""Make the stored rows those of the document: delete, update, insert."""
		df = df or self.meta.get_field(fieldname)
		rows = self.get(fieldname)
		if df.options not in (self.flags.ignore_children_type or ()):
			filters = {"parent": cstr(self.name), "parenttype": self.doctype, "parentfield": fieldname}
			kept = [row.name for row in rows if row.name and not row.is_new()]
			frappe.db.delete(df.options, {**filters, "name": ["not in", kept]} if kept else filters)
		for row in rows:
			row.db_update()

	def _set_defaults(self) -> None:
		if frappe.flags.in_import:
			return
		if self.is_new():
			self.update_if_missing(frappe.new_doc(self.doctype, as_dict=True))
		for df in self.meta.get_table_fields():
			new_rows = [row for row in self.get(df.fieldname) or [] if row.is_new()]
			if new_rows:
				defaults = frappe.new_doc(df.options, parent_doc=self, parentfield=df.fieldname, as_dict=True)
				for row in new_rows:
					row.update_if_missing(defaults)

	def set_user_and_timestamp(self) -> None:
		self._original_modified = self.modified
		self.modified, self.modified_by = now(), frappe.session.user
		keeps_creation = frappe.flags.in_install or frappe.flags.in_patch or frappe.flags.in_migrate
		if self.is_new() and not (keeps_creation and self.creation):
			self.creation, self.owner = self.modified, self.modified_by
		for row in self.get_all_children():
			row.modified, row.modified_by = self.modified, self.modified_by
			row.owner, row.creation = row.owner or self.owner, row.creation or self.creation
		frappe.flags.currently_saving.append((self.doctype, self.name))

	def set_docstatus(self) -> None:
		for row in self.get_all_children():
			row.docstatus = self.docstatus

	def set_parent_in_children(self) -> None:
		for row in self.get_all_children():
			row.parent, row.parenttype = self.name, self.doctype

	def set_name_in_children(self) -> None:
		for row in self.get_all_children():
			if not row.name:
				set_new_name(row)

	def set_new_name(self, force: bool = False, set_name: str | None = None, set_child_names: bool = True) -> None:
		if (frappe.flags.api_name_set or self.flags.name_set) and not force:
			return
		if self.get("__newname") and (self.meta.autoname or "").lower() == "prompt":
			set_name, set_child_names = self.get("__newname"), False
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
		self.load_doc_before_save(raise_exception=True)
		self._action = "save"
		previous = self.get_doc_before_save()
		if not previous:
			self.check_docstatus_transition(0)
			return
		if cstr(previous.modified) != cstr(self._stored_modified()):
			message = _("Error: Document has been modified after you have opened it")
			details = f" ({previous.modified}, {self.modified}). " + _("Please refresh to get the latest document.")
			frappe.msgprint(message + details, raise_exception=frappe.TimestampMismatchError)
		if not self.meta.issingle:
			self.check_docstatus_transition(previous.docstatus)

	def _stored_modified(self):
		"""The time of modification the document was read with, in the type in which it is stored."""
		value = self._original_modified
		return frappe.utils.get_datetime(value) if value and not self.meta.issingle else value

	def check_docstatus_transition(self, to_docstatus: int) -> None:
		before, after = DocStatus(to_docstatus), self.docstatus
		if before.is_cancelled():
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

	def load_doc_before_save(self, *, raise_exception: bool = False) -> None:
		self.__dict__["_doc_before_save"] = None
		if self.is_new():
			return
		try:
			self.__dict__["_doc_before_save"] = frappe.get_doc(self.doctype, self.name, for_update=True)
		except frappe.DoesNotExistError:
			if raise_exception:
				raise
			frappe.clear_last_message()

	def db_set(self, fieldname, value=None, update_modified=True, notify=False, commit=False) -> None:
		"""Write fields at once, without validation but with before_change and on_change."""
		self.update(fieldname if isinstance(fieldname, dict) else {fieldname: value})
		if update_modified and (self.doctype, self.name) not in frappe.flags.currently_saving:
			self.modified, self.modified_by = now(), frappe.session.user
		if not self.get_doc_before_save():
			self.load_doc_before_save()
		self.run_method("before_change")
		if self.name is None:
			return
		stamp = (self.modified, self.modified_by, update_modified)
		if self.meta.issingle:
			frappe.db.set_single_value(self.doctype, fieldname, value, *stamp)
		else:
			frappe.db.set_value(self.doctype, self.name, fieldname, value, *stamp)
		self.run_method("on_change")
		if notify:
			self.notify_update()
		if commit:
			frappe.db.commit()

def bulk_insert(doctype: str, documents, ignore_duplicates: bool = False, chunk_size: int = 10_000) -> None:
	"""Insert named documents and their rows with one statement per few hundred, without validation and events."""
	documents = list(documents)
	meta = frappe.get_meta(doctype)
	rows = {doctype: documents}
	for df in meta.get_table_fields():
		rows[df.options] = [row for doc in documents for row in doc.get(df.fieldname)]
	for child_doctype, docs in rows.items():
		columns = frappe.get_meta(child_doctype).get_valid_columns()
		values = []
		for doc in docs:
			doc.creation = doc.modified = now()
			doc.owner = doc.modified_by = frappe.session.user
			row = doc.get_valid_dict(ignore_virtual=True)
			values.append([row.get(column) for column in columns])
		frappe.db.bulk_insert(
			child_doctype, columns, values, ignore_duplicates=ignore_duplicates, chunk_size=chunk_size
		)
