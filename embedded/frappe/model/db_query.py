"""frappe.get_list: records that a user may read, in the shape he asks for."""

import json
import re

import frappe
from frappe import _
from frappe.database.lookups import DEFAULT_ORDER
from frappe.database.query import FIELD, TABLE_REFERENCE, SelectQuery
from frappe.share import get_shared
from frappe.utils import cint

ORDER_CHARACTERS = re.compile(r"^[\w ,`'\".()-]*$")
AGGREGATES = ("count(", "min(", "max(", "sum(", "avg(")


def get_list(doctype: str, *args, **kwargs) -> list:
	"""Records that the current user may read."""
	return DatabaseQuery(doctype, kwargs.pop("user", None)).execute(*args, **kwargs)


def get_all(doctype: str, *args, **kwargs) -> list:
	"""Records regardless of permissions."""
	return get_list(doctype, *args, **kwargs, ignore_permissions=True)


class DatabaseQuery:
	"""One list query for one user."""

	def __init__(self, doctype: str, user: str | None = None):
		self.doctype = doctype
		self.user = user or frappe.session.user
		self.query = SelectQuery(doctype)

	def execute(
		self,
		fields=None,
		filters=None,
		*,
		or_filters=None,
		group_by=None,
		order_by=DEFAULT_ORDER,
		limit_start=None,
		limit_page_length=None,
		limit=None,
		as_list=False,
		pluck=None,
		distinct=False,
		ignore_permissions=False,
		parent_doctype=None,
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
		return f" {keyword} {clause}"

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
		"""The fields the user may read: where he may only select records, those that tell them apart."""
		ptype = "select" if frappe.only_has_select_perm(self.doctype, self.user) else "read"
		frappe.has_permission(self.doctype, ptype, parent_doctype=parent_doctype, user=self.user, throw=True)
		if ptype == "read":
			return fields
		allowed = self.query.meta.get_search_fields()
		return allowed if "*" in fields else [field for field in fields if field.strip("`") in allowed]

	def build_match_conditions(self) -> str:
		"""The SQL condition that leaves only the records this user may read: his own or shared ones where a role
		is limited to own ones, shared ones alone without a role, and what the apps' permission_query_conditions
		demand."""
		rights = frappe.permissions.get_role_permissions(self.query.meta, user=self.user)
		by_role = self.query.meta.istable or rights.get("select") or rights.get("read")
		only_own = _only_own(rights)
		shared = self._shared() if only_own or not by_role else ""
		if not by_role and not shared:
			frappe.throw(_("No permission to read {0}").format(_(self.doctype)), frappe.PermissionError)
		conditions = [f"{self.query.table}.`owner` = {frappe.db.escape(self.user)}"] if only_own else []
		hooks = frappe.get_hooks("permission_query_conditions", {})
		for method in hooks.get(self.doctype, []) + hooks.get("*", []):
			conditions.append(frappe.call(method, self.user, doctype=self.doctype))
		if not by_role:
			conditions.append(shared)
		match = " and ".join(f"({each})" for each in conditions if each)
		return f"({match}) or {shared}" if match and by_role and shared else match

	def _shared(self) -> str:
		names = get_shared(self.doctype, self.user)
		listed = ", ".join(frappe.db.escape(name) for name in names)
		return f"{self.query.table}.`name` in ({listed})" if names else ""


def _only_own(rights: dict) -> bool:
	if_owner = rights.get("if_owner") or {}
	reads_all = any(rights.get(ptype) and not if_owner.get(ptype) for ptype in ("read", "select"))
	return bool(rights.get("has_if_owner_enabled") and if_owner and not reads_all)


def _sorted_out(fields, filters) -> tuple:
	"""Callers may swap the two: what looks like filters is taken as such."""
	is_list = isinstance(fields, list) and fields and isinstance(fields[0], list)
	return (filters, fields) if is_list or isinstance(fields, dict) else (fields, filters)


def _list_of_fields(fields) -> list[str]:
	if isinstance(fields, str):
		fields = json.loads(fields) if fields.startswith("[") else fields.split(",")
	return [field.strip() for field in fields or [] if field]
