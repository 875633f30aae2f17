"""frappe.get_list: records that a user may read, in the shape he asks for."""

import json
import re

import frappe
from frappe import _
from frappe.database.query import WORD, SelectQuery
from frappe.types import _dict
from frappe.utils import cint, sbool

DefaultOrderBy = "KEEP_DEFAULT_ORDERING"
FORBIDDEN_WORDS = re.compile(r"\b(select|create|insert|delete|drop|update|case|show|union|from|where|join)\b")
FORBIDDEN_FUNCTIONS = {
	"coalesce",
	"concat",
	"concat_ws",
	"connection_id",
	"current_user",
	"database",
	"global",
	"if",
	"ifnull",
	"last_insert_id",
	"load_extension",
	"nullif",
	"readfile",
	"session_user",
	"system_user",
	"user",
	"version",
}
FUNCTION_CALL = re.compile(r"(\w+)\s*\(")
ORDER_CHARACTERS = re.compile(r"^[\w ,`'\".()-]*$")
COLUMN_IN_FUNCTION = re.compile(r"\w+\(\s*(?:distinct\s+)?(?:`tab[^`]+`\.)?`?(\w+|\*)`?\s*\)", re.IGNORECASE)
AGGREGATES = ("count(", "min(", "max(", "sum(", "avg(")


class DatabaseQuery:
	"""One list query for one user."""

	def __init__(self, doctype: str, user: str | None = None):
		self.doctype = doctype
		self.user = user or frappe.session.user
		self.flags = _dict()
		self.permission_type = "read"

	def execute(
		self,
		fields=None,
		filters=None,
		or_filters=None,
		docstatus=None,
		group_by=None,
		order_by=DefaultOrderBy,
		limit_start=0,
		limit_page_length=None,
		as_list=False,
		with_childnames=False,
		debug=False,
		ignore_permissions=False,
		user=None,
		with_comment_count=False,
		join="left join",
		distinct=False,
		start=None,
		page_length=None,
		limit=None,
		ignore_ifnull=False,
		save_user_settings=False,
		save_user_settings_fields=False,
		update=None,
		add_total_row=None,
		user_settings=None,
		reference_doctype=None,
		run=True,
		strict=True,
		pluck=None,
		ignore_ddl=False,
		*,
		parent_doctype=None,
	) -> list:
		"""Rows as dicts, as lists (`as_list`) or the values of one field (`pluck`).

		:raises frappe.PermissionError: when the user may not read the DocType.
		:raises frappe.DataError: for a field that is no field but SQL."""
		self.user = user or self.user
		self.flags.ignore_permissions = ignore_permissions
		self.parent_doctype, self.as_list = parent_doctype, as_list
		if not ignore_permissions:
			self.check_read_permission(self.doctype, parent_doctype)
		fields, filters = self._sorted_out(fields, filters)
		self.fields = _list_of_fields(fields) or [pluck or "name"]
		self.query = SelectQuery(self.doctype, null_safe=not ignore_ifnull, join_type=join)
		for field in self.fields:
			sanitize_field(field)
		self._apply_field_permissions()
		self.query.add_filters(filters)
		self.query.add_filters(or_filters, glue=" or ")
		if not ignore_permissions and (condition := self.build_match_conditions()):
			self.query.conditions.append(f"({condition})")
		for field in self.fields:
			self.query.add_field("NULL" if field is None else self._all_columns(field))
		if not self.query.columns:
			return []
		self._check_joined_tables()
		suffix = self._suffix(group_by, None if distinct else order_by)
		suffix += _limit(limit or page_length or limit_page_length, start or limit_start)
		rows = frappe.db.sql(
			self.query.sql(suffix, distinct),
			self.query.params,
			as_dict=not as_list,
			debug=debug,
			update=update,
			run=run,
		)
		if run and sbool(with_comment_count) and not as_list:
			_add_comment_count(rows)
		return [row[pluck] for row in rows] if pluck and run else rows

	def _sorted_out(self, fields, filters) -> tuple:
		"""Callers may swap the two: what looks like filters is taken as such."""
		looks_like_filters = isinstance(fields, dict) or (fields and isinstance(fields, list) and isinstance(fields[0], list))
		looks_like_fields = fields and isinstance(filters, list) and len(filters) > 1 and isinstance(filters[0], str)
		return (filters, fields) if looks_like_filters or looks_like_fields else (fields, filters)

	def _all_columns(self, field: str) -> str:
		return f"{self.query.table}.*" if field == "*" else field

	# order, group

	def _suffix(self, group_by: str | None, order_by: str | None) -> str:
		order_by = self._default_order(group_by) if order_by == DefaultOrderBy else order_by
		suffix = ""
		for keyword, clause in ((" group by ", group_by), (" order by ", order_by)):
			if clause:
				self._check_clause(clause)
				suffix += keyword + self._qualified(clause)
		return suffix

	def _default_order(self, group_by: str | None) -> str | None:
		only = self.fields[0] if len(self.fields) == 1 else None
		if only and only.lower().startswith(AGGREGATES) and not group_by:
			return None
		meta = frappe.get_meta(self.doctype)
		if meta.sort_field and "," in meta.sort_field:
			return meta.sort_field
		return f"{meta.sort_field or 'modified'} {(meta.sort_field and meta.sort_order) or 'desc'}"

	def _check_clause(self, clause: str) -> None:
		lower = clause.lower()
		if "select" in lower and "from" in lower:
			frappe.throw(_("Cannot use sub-query in order by"))
		if not ORDER_CHARACTERS.match(lower):
			frappe.throw(_("Illegal SQL Query"))
		if "sleep" in lower:
			frappe.throw(_("Cannot use {0} in order/group by").format("sleep"))
		for doctype in re.findall(r"`tab([^`]+)`\s*\.", clause):
			if f"`tab{doctype}`" not in (self.query.table, *self.query.joins.values()):
				message = _("Please select atleast 1 column from {0} to sort/group")
				frappe.throw(message.format(doctype))

	def _qualified(self, clause: str) -> str:
		"""Bare columns get the table's name where a join could make them ambiguous."""
		if not self.query.joins:
			return clause
		parts = [part.strip().split(None, 1) for part in clause.split(",")]
		columns = set(frappe.db.get_table_columns(self.doctype))
		return ", ".join(
			" ".join([f"{self.query.table}.`{name.strip('`')}`" if name.strip("`") in columns else name, *rest])
			for name, *rest in parts
		)

	# permissions

	def check_read_permission(self, doctype: str, parent_doctype: str | None = None) -> None:
		self.permission_type = "select" if frappe.only_has_select_perm(doctype, user=self.user) else "read"
		frappe.has_permission(
			doctype,
			self.permission_type,
			parent_doctype=parent_doctype or self.doctype,
			user=self.user,
			throw=True,
		)

	def _check_joined_tables(self) -> None:
		if self.flags.ignore_permissions:
			return
		for table in self.query.joins.values():
			link = next((df for df in self.query.meta.get_link_fields() if table == f"`tab{df.options}_{df.fieldname}`"), None)
			self.check_read_permission(link.options if link else table.strip("`").removeprefix("tab"))

	def _apply_field_permissions(self) -> None:
		"""Leave out the fields that the user's permission levels do not reach; `*` becomes all that they do."""
		if self.flags.ignore_permissions or (self.user == "Administrator" and self.fields == ["*"]):
			return
		from frappe.model import get_permitted_fields, optional_fields

		permitted = get_permitted_fields(
			self.doctype, self.parent_doctype, self.user, self.permission_type, ignore_virtual=True
		)
		allowed = {*permitted, *optional_fields}
		kept: list = []
		for field in self.fields:
			if field == "*":
				kept += permitted
			elif self._is_permitted(field, allowed):
				kept.append(field)
			elif self.as_list:
				kept.append(None)
		self.fields = kept

	def _is_permitted(self, field: str, allowed: set[str]) -> bool:
		from frappe.model import get_permitted_fields

		expression = field.split(" as ")[0].strip()
		if "(" in expression:
			column = COLUMN_IN_FUNCTION.fullmatch(expression)
			return not column or column[1] == "*" or column[1] in allowed
		table, dot, column = expression.replace("`", "").rpartition(".")
		if not dot or table == f"tab{self.doctype}":
			return column in allowed or column.isnumeric() or column[:1] in "'\""
		df = self.query.meta.get_field(table)
		doctype = df.options if df else table.removeprefix("tab")
		return column in get_permitted_fields(doctype, self.doctype, self.user, ignore_virtual=True)

	def build_match_conditions(self, as_condition: bool = True) -> str:
		"""The SQL condition that leaves only the records this user may read: his own where a role is limited to
		them, and what the apps' permission_query_conditions demand."""
		from frappe import permissions

		meta = frappe.get_meta(self.doctype)
		rights = permissions.get_role_permissions(meta, user=self.user)
		conditions = []
		if not meta.istable and not (rights.get("select") or rights.get("read")):
			frappe.throw(_("No permission to read {0}").format(_(self.doctype)), frappe.PermissionError)
		if _only_own(rights):
			owner = frappe.db.escape(self.user, percent=False)
			conditions.append(f"`tab{self.doctype}`.`owner` = {owner}")
		if condition := self.get_permission_query_conditions():
			conditions.append(condition)
		return " and ".join(f"({each})" for each in conditions)

	def get_permission_query_conditions(self) -> str:
		hooks = frappe.get_hooks("permission_query_conditions", {})
		answers = [
			frappe.call(method, self.user, doctype=self.doctype)
			for method in hooks.get(self.doctype, []) + hooks.get("*", [])
		]
		return " and ".join(answer for answer in answers if answer)


def _only_own(rights: dict) -> bool:
	if_owner = rights.get("if_owner") or {}
	reads_all = rights.get("has_if_owner_enabled") and (
		(rights.get("read") and not if_owner.get("read")) or (rights.get("select") and not if_owner.get("select"))
	)
	return bool(rights.get("has_if_owner_enabled") and if_owner and not reads_all)


def _list_of_fields(fields) -> list:
	if isinstance(fields, str):
		try:
			fields = json.loads(fields) if fields.startswith("[") else fields.split(",")
		except ValueError:
			fields = fields.split(",")
	return [field.strip() for field in fields or [] if field]


def sanitize_field(field: str) -> None:
	"""Refuse what is not a field, a function of one, or a constant.

	:raises frappe.DataError: for anything that smells of SQL."""
	lower = field.lower()
	if WORD.match(field):
		return
	outside_names = re.sub(r"`[^`]*`", "", lower)
	if FORBIDDEN_WORDS.search(outside_names) or "@" in outside_names or ";" in field or "/*" in field or "--" in field:
		frappe.throw(_("Use of sub-query or function is restricted"), frappe.DataError)
	for function in FUNCTION_CALL.findall(outside_names):
		if function in FORBIDDEN_FUNCTIONS:
			frappe.throw(_("Use of function {0} in field is restricted").format(function), frappe.DataError)
	if "," in re.sub(r"\([^)]*\)", "", outside_names):
		frappe.throw(_("Use of sub-query or function is restricted"), frappe.DataError)


def _limit(length, start) -> str:
	return f" limit {cint(length)} offset {cint(start)}" if cint(length) else ""


def _add_comment_count(rows: list) -> None:
	for row in rows:
		if row.name:
			row._comment_count = len(json.loads(row.get("_comments") or "[]"))

