"""The row of a document, or of one of its child rows, in the database."""

import frappe
from frappe import _
from frappe.model.naming import set_new_name
from frappe.utils import now

HASH_COLLISION_RETRIES = 5


class DatabaseRow:
	"""Mixed into documents and child rows."""

	def _row(self) -> dict:
		values = self.get_valid_dict(ignore_virtual=True)
		return {key: frappe.db.stored(self.doctype, key, value) for key, value in values.items()}

	def db_insert(self, ignore_if_duplicate: bool = False) -> None:
		"""Insert the row as it is, without validation and events.

		:raises frappe.DuplicateEntryError: when the name is taken.
		:raises frappe.UniqueValidationError: when the value of a unique field is."""
		if not self.name:
			set_new_name(self)
		if not self.get("creation"):
			self.creation = self.modified = now()
			self.owner = self.modified_by = frappe.session.user
		row = self._row()
		columns, marks = ", ".join(f"`{key}`" for key in row), ", ".join(["%s"] * len(row))
		try:
			frappe.db.sql(f"insert into `tab{self.doctype}` ({columns}) values ({marks})", list(row.values()))
		except frappe.db.IntegrityError as error:
			if not self._insert_after_collision(error, ignore_if_duplicate):
				raise
		self.set("__islocal", False)

	def _insert_after_collision(self, error: Exception, ignore_if_duplicate: bool) -> bool:
		if not frappe.db.is_unique_key_violation(error):
			return False
		if not frappe.db.exists(self.doctype, self.name):
			self._refuse_duplicate_value(error)
		retries = self.flags.retry_count or 0
		if self.meta.autoname == "hash" and retries < HASH_COLLISION_RETRIES:
			self.flags.retry_count, self.name = retries + 1, None
			self.db_insert()
		elif not ignore_if_duplicate:
			message = _("{0} {1} already exists").format(_(self.doctype), frappe.bold(self.name))
			frappe.msgprint(message, title=_("Duplicate Name"), indicator="red")
			raise frappe.DuplicateEntryError(self.doctype, self.name, error)
		return True

	def db_update(self) -> None:
		"""Write the row as it is, without validation and events; insert it when it is new."""
		if self.get("__islocal") or not self.name:
			self.db_insert()
			return
		row = self._row()
		name = row.pop("name")
		assignments = ", ".join(f"`{key}` = %s" for key in row)
		try:
			frappe.db.sql(f"update `tab{self.doctype}` set {assignments} where name = %s", [*row.values(), name])
		except frappe.db.IntegrityError as error:
			if frappe.db.is_unique_key_violation(error):
				self._refuse_duplicate_value(error)
			raise

	def _refuse_duplicate_value(self, error: Exception) -> None:
		fieldname = str(error).rsplit(".", 1)[-1]
		df = self.meta.get_field(fieldname)
		frappe.msgprint(_("{0} must be unique").format(df.label if df else fieldname))
		raise frappe.UniqueValidationError(self.doctype, self.name, error)

	def update_modified(self) -> None:
		self.set("modified", now())
		if self.meta.issingle:
			frappe.db.set_single_value(self.doctype, "modified", self.modified, update_modified=False)
		else:
			frappe.db.set_value(self.doctype, self.name, "modified", self.modified, update_modified=False)
