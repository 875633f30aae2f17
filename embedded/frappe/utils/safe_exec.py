"""Expressions that users write, under RestrictedPython, and the names that templates may use."""

import ast
import inspect
import unicodedata
from typing import Any

import frappe
from frappe import _
from RestrictedPython import compile_restricted
from RestrictedPython.Guards import guarded_iter_unpack_sequence, safer_getattr

FRAPPE_NAMES = (
	"as_json bold format_value get_all get_cached_doc get_doc get_list get_meta get_system_settings parse_json "
	"render_template throw"
).split()
DATABASE_NAMES = "count exists get_default get_single_value get_value".split()


class NamespaceDict(frappe._dict):
	"""Names offered to users' code; asking for another one is an error, never None."""

	def __getattr__(self, name: str) -> Any:
		try:
			return self[name]
		except KeyError:
			raise AttributeError(f"{name} is not available here") from None


def safe_eval(code: str, eval_globals: dict | None = None, eval_locals: dict | None = None) -> Any:
	"""Return the value of an expression. Raises SyntaxError for anything beyond one."""
	code = unicodedata.normalize("NFKC", code)
	if any(isinstance(node, ast.NamedExpr) for node in ast.walk(ast.parse(code, mode="eval"))):
		raise SyntaxError("Operation not allowed: assignment inside an expression")
	scope = {**(eval_globals or {}), **_guards(), "__builtins__": {}}
	scope.update({"int": int, "float": float, "long": int, "round": round})
	return eval(compile_restricted(code, "<safe_eval>", "eval"), scope, eval_locals)


def get_safe_globals() -> NamespaceDict:
	"""Return what templates may use."""
	utils, session = frappe.utils, frappe.session
	offered = NamespaceDict({name: getattr(frappe, name) for name in FRAPPE_NAMES})
	offered.update(
		db=NamespaceDict({name: getattr(frappe.db, name) for name in DATABASE_NAMES}),
		utils=NamespaceDict(inspect.getmembers(utils.data, inspect.isfunction)),
		format=frappe.format_value,
		form_dict=frappe.local.form_dict,
		lang=frappe.local.lang,
		session=frappe._dict(user=session.user, csrf_token=(session.data or {}).get("csrf_token")),
		user=session.user,
		get_url=utils.get_url,
		get_fullname=utils.get_fullname,
	)
	return NamespaceDict(frappe=offered, as_json=frappe.as_json, scrub=frappe.scrub, _dict=frappe._dict, _=_)


def _guards() -> dict:
	return {
		"_getattr_": safer_getattr,
		"_getitem_": lambda mapping, key: mapping[key],
		"_getiter_": iter,
		"_iter_unpack_sequence_": guarded_iter_unpack_sequence,
	}
