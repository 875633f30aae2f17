"""Rights on Frappe's own DocTypes that forms of ours link to, where core gives them to other roles alone.

A site's own permission rules (Custom DocPerm) stand in for all that a DocType came with, so those are copied first.
What was written is remembered: while nobody has changed it, migrations bring the copies up to what core gives now, and
uninstalling leaves the DocType without rules of the site's own, as it was.
"""

import json
from hashlib import sha256
from typing import Any

import frappe
import frappe.defaults
from frappe.permissions import rights, setup_custom_perms

# By DocType and role. Managers get what Sales Users have from core; Selling Settings name roles.
GRANTED: dict[str, dict[str, tuple[str, ...]]] = {
	"Currency": {"Sales Manager": ("read",)},
	"Address": {"Sales Manager": ("read", "write", "create", "email", "print", "report", "share")},
	"Role": dict.fromkeys(("Sales Manager", "Sales User", "Purchase User"), ("select",)),
}
RULE = "Custom DocPerm"
REMEMBERED = "crm_pipeline_core_grants"  # the global value that tells uninstalling what to remove


def grant_core_rights() -> None:
	"""Let the roles of our forms choose what those link to, where no rule is for them yet."""
	remembered = remembered_grants()
	for doctype in GRANTED:
		if doctype not in remembered and (missing := _missing(doctype, rules_of(doctype))):
			remembered[doctype] = _grant(doctype, missing)
	_remember(remembered)


def follow_core() -> None:
	"""Bring unchanged copies up to what core gives now, as the hook `after_migrate`."""
	remembered = remembered_grants()
	for doctype, known in list(remembered.items()):
		standard = rules_of(doctype, "DocPerm")
		missing = _missing(doctype, standard)
		if not _is_unchanged(doctype, known):
			continue
		known.setdefault("rights", _rights())
		if digest([*standard, *missing]) == digest(rules_of(doctype, RULE)):
			continue
		_remove(doctype)
		del remembered[doctype]
		if missing:
			remembered[doctype] = _grant(doctype, missing)
	_remember(remembered)


def withdraw_core_rights() -> None:
	"""Take away what was granted, and the copies too unless somebody has changed a rule since."""
	for doctype, known in remembered_grants().items():
		if _is_unchanged(doctype, known):
			_remove(doctype)
		else:
			_remove(doctype, name=["in", known["rules"]])
	frappe.defaults.clear_default(REMEMBERED, parent="__global")


def remembered_grants() -> dict[str, dict]:
	"""Return by DocType what was granted.

	`rules` are the names of our rules, `digest` stands for all rules if the others are copies, and `rights` are those
	that rules had then.
	"""
	place = {"parent": "__global", "defkey": REMEMBERED}  # not from a cache, which a rollback leaves wrong
	return json.loads(frappe.db.get_value("DefaultValue", place, "defvalue") or "{}")


def rules_of(doctype: str, kind: str | None = None, granting: list[str] | None = None) -> list[dict]:
	"""Return the rules of a DocType.

	Args:
		kind: Custom DocPerm or DocPerm, by default the one in force.
		granting: the rights to tell of, by default all.
	"""
	if not kind:
		return rules_of(doctype, RULE) or rules_of(doctype, "DocPerm")
	chosen = [right for right in _rights() if granting is None or right in granting]
	return frappe.get_all(kind, {"parent": doctype}, ["role", "permlevel", "if_owner", *chosen])


def digest(rules: list[dict]) -> str:
	"""Return a text that is the same for the same rules in any order."""
	lines = sorted(json.dumps([[key, str(rule.get(key) or 0)] for key in sorted(rule)]) for rule in rules)
	return sha256("\n".join(lines).encode()).hexdigest()


def _missing(doctype: str, rules: list[dict]) -> list[dict]:
	"""Return the rules to grant, for roles that have none among these."""
	having = {rule["role"] for rule in rules if not (rule["permlevel"] or rule["if_owner"])}
	return [
		{"role": role, "permlevel": 0, "if_owner": 0, **{right: int(right in granted) for right in _rights()}}
		for role, granted in GRANTED[doctype].items()
		if role not in having
	]


def _grant(doctype: str, missing: list[dict]) -> dict:
	copied = setup_custom_perms(doctype)
	rules = [frappe.get_doc({"doctype": RULE, "parent": doctype, **rule}) for rule in missing]
	for rule in rules:
		rule.insert(ignore_permissions=True)  # installation acts for the system
	names = [rule.name for rule in rules]
	granted = digest(rules_of(doctype, RULE)) if copied else None
	return {"rules": names, "digest": granted, "rights": _rights()}


def _rights() -> list[str]:
	return [right for right in rights if frappe.get_meta(RULE).has_field(right)]


def _is_unchanged(doctype: str, known: dict) -> bool:
	"""Tell whether the rules are as they were written, whatever rights a newer Frappe has added to them since."""
	return digest(rules_of(doctype, RULE, known.get("rights"))) == known["digest"]


def _remove(doctype: str, **filters: Any) -> None:
	frappe.db.delete(RULE, {"parent": doctype, **filters})
	frappe.clear_cache(doctype=doctype)


def _remember(grants: dict[str, dict]) -> None:
	frappe.db.set_global(REMEMBERED, json.dumps(grants))
