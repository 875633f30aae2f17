"""frappe.get_list: records that a user may read, in the shape they ask for."""

import json
import re
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.user_permission.user_permission import get_user_permissions
from frappe.database.lookups import DEFAULT_ORDER
from frappe.database.query import FIELD, TABLE_REFERENCE, SelectQuery, linked_table
from frappe.model import child_table_fields, default_fields, optional_fields
from frappe.permissions import get_allowed_docs_for_doctype
from frappe.share import get_shared
from frappe.utils import cint

ORDER_CHARACTERS = re.compile(r"^[\w ,`'\".()-]*$")
AGGREGATES = ("count(", "min(", "max(", "sum(", "avg(")


def get_list(doctype: str, *args: Any, **kwargs: Any) -> list:
	"""Records that the current user may read."""
	whose = kwargs.pop("user", None)
	query = DatabaseQuery(doctype, whose)
	return query.execute(*args, **kwargs)


def get_all(doctype: str, *args: Any, **kwargs: Any) -> list:
	"""Records regardless of permissions."""
	return get_list(doctype, *args, **kwargs, ignore_permissions=True)


class DatabaseQuery:
	"""One list query for one user."""

	def __init__(self, doctype: str, user: str | None = None) -> None:
		self.doctype = doctype
		self.user = user or frappe.session.user
		self.query = SelectQuery(doctype)

	def execute(
		self,
		fields: Any = None,
		filters: Any = None,
		*,
		or_filters: Any = None,
		group_by: str | None = None,
		order_by: str | None = DEFAULT_ORDER,
		limit_start: Any = None,
		limit_page_length: Any = None,
		limit: Any = None,
		as_list: bool = False,
		pluck: str | None = None,
		distinct: bool = False,
		ignore_permissions: bool = False,
		parent_doctype: str | None = None,
	) -> list:
		"""Rows as dicts, as lists (`as_list`) or the values of one field (`pluck`).

		:raises frappe.PermissionError: when the user may not read the DocType.
		:raises frappe.DataError: for a field that is no field but SQL."""
		query = self.query
		fields, filters = _sorted_out(fields, filters)
		fields = _list_of_fields(fields) or [pluck or "name"]
		query.add_filters(filters)
		query.add_filters(or_filters, glue=" or ")
		self.obeys_permissions = not ignore_permissions
		if not ignore_permissions:
			fields = self._permitted(fields, parent_doctype or self.doctype)
			if condition := self.build_match_conditions():
				query.conditions.append(f"({condition})")
		if not fields:
			return []
		for field in fields:
			query.add_field(field)
		if order_by == DEFAULT_ORDER:
			order_by = None if distinct else self._default_order(fields, group_by)
		suffix = self._clause("group by", group_by) + self._clause("order by", order_by)
		if length := cint(limit or limit_page_length):
			suffix += f" limit {length} offset {cint(limit_start)}"
		rows = frappe.db.sql(query.sql(suffix, distinct), query.params, as_dict=not as_list)
		return [row[pluck] for row in rows] if pluck else rows

	# order, group

	def _default_order(self, fields: list, group_by: str | None) -> str | None:
		if len(fields) == 1 and fields[0].lower().startswith(AGGREGATES) and not group_by:
			return None
		field, order = self.query.meta.sort_field, self.query.meta.sort_order
		return field if field and "," in field else f"{field or 'modified'} {(field and order) or 'desc'}"

	def _clause(self, keyword: str, clause: str | None) -> str:
		if not clause:
			return ""
		lower = clause.lower()
		if ("select" in lower and "from" in lower) or not ORDER_CHARACTERS.match(lower) or "sleep" in lower:
			frappe.throw(_("Illegal SQL Query"))
		for doctype in TABLE_REFERENCE.findall(clause):
			if doctype != self.doctype:
				raise frappe.missing(f"A list of {self.doctype} in the order of {doctype}")
		if self.obeys_permissions:
			self._refuse_unknown(clause)
		parts = [part.strip() for part in clause.split(",")]
		if self.query.joins:
			parts = [part if "." in part else f"{self.query.table}.{part}" for part in parts]
		return f" {keyword} {', '.join(parts)}"

	def _refuse_unknown(self, clause: str) -> None:
		"""
		:raises frappe.PermissionError: for a field that the DocType lacks, which nobody may read."""
		for part in clause.split(","):
			match = FIELD.match(re.sub(r"\s+(asc|desc)\s*$", "", part.strip(), flags=re.IGNORECASE))
			name = match and match["name"]
			if not name or frappe.db.has_column(self.doctype, name):
				continue
			if not any(column.endswith(f" as `{name}`") for column in self.query.columns):
				message = _("You do not have permission to access field: {0}")
				frappe.throw(message.format(f"{self.doctype}.{name}"), frappe.PermissionError)

	# permissions

	def _permitted(self, fields: list[str], parent_doctype: str) -> list[str]:
		"""Those of the fields that are on a level the user may read; of who may only select records, few."""
		levels = self._readable(self.doctype, parent_doctype)
		found: list[str] = []
		for field in fields:
			match = FIELD.match(field)
			if not match or (match["name"] == "*" and match["function"]):
				found.append(field)
			elif match["name"] == "*":
				found += [f"`tab{self.doctype}`.`{name}`" for name in self._columns() if name in levels]
			else:
				doctype, link = linked_table(self.query.meta, match)
				readable = self._readable(doctype, self.doctype) if link else levels
				found += [field] if match["name"] in readable else []
		return found

	def _readable(self, doctype: str, parent_doctype: str) -> set[str]:
		"""The columns of a DocType that the user may read.

		:raises frappe.PermissionError: when they may not read the DocType at all."""
		ptype = "select" if frappe.only_has_select_perm(doctype, self.user) else "read"
		frappe.has_permission(doctype, ptype, parent_doctype=parent_doctype, user=self.user, throw=True)
		meta = frappe.get_meta(doctype)
		permitted = meta.get_permitted_fieldnames(parent_doctype, user=self.user, permission_type=ptype)
		standard = () if ptype == "select" else (*default_fields, *optional_fields, *child_table_fields)
		return {*permitted, *standard}

	def _columns(self) -> list[str]:
		own = child_table_fields if self.query.meta.istable else optional_fields
		return list(dict.fromkeys(("name", *self.query.meta.get_valid_columns(), *own)))

	def build_match_conditions(self) -> str:
		"""The SQL condition that leaves only the records this user may read: their own or shared ones where a role
		is limited to own ones, shared ones alone without a role, those that their User Permissions leave, and what
		the apps' permission_query_conditions demand."""
		rights = frappe.permissions.get_role_permissions(self.query.meta, user=self.user)
		by_role = self.query.meta.istable or rights.get("select") or rights.get("read")
		only_own = _only_own(rights)
		conditions = [f"{self.query.table}.`owner` = {frappe.db.escape(self.user)}"] if only_own else []
		if by_role and not only_own and not self.query.meta.istable:
			conditions += self._user_permissions()
		shared = self._shared() if conditions or not by_role else ""
		if not by_role and not shared:
			frappe.throw(_("No permission to read {0}").format(_(self.doctype)), frappe.PermissionError)
		hooks = frappe.get_hooks("permission_query_conditions", {})
		for method in hooks.get(self.doctype, []) + hooks.get("*", []):
			conditions.append(frappe.call(method, self.user, doctype=self.doctype))
		if not by_role:
			conditions.append(shared)
		match = " and ".join(f"({each})" for each in conditions if each)
		return f"({match}) or {shared}" if match and by_role and shared else match

	def _user_permissions(self) -> list[str]:
		"""What the user's User Permissions demand of the records themselves and of what they link to."""
		limits = get_user_permissions(self.user)
		strict = limits and cint(frappe.get_system_settings("apply_strict_user_permissions"))
		conditions = []
		links = [df for df in self.query.meta.get_link_fields() if not df.ignore_user_permissions]
		places = [(df.options, df.fieldname) for df in links]
		for doctype, fieldname in [*places, (self.doctype, "name")]:
			allowed = get_allowed_docs_for_doctype(limits.get(doctype, []), self.doctype)
			if allowed:
				column = f"{self.query.table}.`{fieldname}`"
				listed = ", ".join(frappe.db.escape(name) for name in allowed)
				unset = "" if strict else f"ifnull({column}, '') = '' or "
				conditions.append(f"{unset}{column} in ({listed})")
		return conditions

	def _shared(self) -> str:
		names = get_shared(self.doctype, self.user)
		listed = ", ".join(frappe.db.escape(name) for name in names)
		return f"{self.query.table}.`name` in ({listed})" if names else ""


def _only_own(rights: dict) -> bool:
	if_owner = rights.get("if_owner") or {}
	reads_all = any(rights.get(ptype) and ptype not in if_owner for ptype in ("read", "select"))
	return bool(rights.get("has_if_owner_enabled") and if_owner and not reads_all)


def _sorted_out(fields: Any, filters: Any) -> tuple:
	"""Callers may swap the two: what looks like filters is taken as such."""
	is_list = isinstance(fields, list) and fields and isinstance(fields[0], list)
	return (filters, fields) if is_list or isinstance(fields, dict) else (fields, filters)


def _list_of_fields(fields: Any) -> list[str]:
	if isinstance(fields, str):
		fields = json.loads(fields) if fields.startswith("[") else fields.split(",")
	return [field.strip() for field in fields or [] if field]
