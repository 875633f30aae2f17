"""Switching assignment rules on and off, without the right to edit them as a System Manager does."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.assignment import rules
from crm_pipeline.exceptions import AssigneesMissing, NoPipelineRule
from crm_pipeline.permissions.switch import refuse_unless_manager
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.sent_values import rows_from


@frappe.whitelist(methods=["GET"])
def get_rules() -> list[dict]:
	"""Return the assignment rules on opportunities and leads, in the order in which they are tried.

	Returns: for each its `name`, `document_type`, `rule` (Round Robin, Load Balancing or Based on Field), `field`,
	`priority`, `assign_condition`, the same `condition_in_words` if it is one that comes with the app, `enabled`, and its `users` with `user` and `full_name`.
	"""
	_refuse_strangers()
	names = frappe.get_all(
		"Assignment Rule",
		{"document_type": ["in", rules.DOCTYPES]},
		pluck="name",
		order_by="document_type desc, priority desc, name",
	)
	return [_state_of(frappe.get_doc("Assignment Rule", name)) for name in names]


@frappe.whitelist(methods=["POST"])
def enable_rule(rule: str, users: list | str | None = None, role: str | None = None) -> dict:
	"""Switch an assignment rule on.

	Args:
		rule: name of an Assignment Rule on opportunities or leads.
		users: among whom it assigns, in this order. If left out, whom it names already.
		role: assign among the enabled users of this role who may edit what is assigned, instead. Who gets the role
			later is not among them.

	Returns: the rule, as `get_rules` gives it.

	Raises:
		UnreadableList, AssigneesMissing, AssigneeDisabled, AssigneeNotInSales, AssignmentRuleBroken, NoPipelineRule
	"""
	_refuse_strangers()
	doc = _pipeline_rule(rule)
	if role:
		users = _users_of(role, doc)
	if users is not None:
		rules.set_users(doc, (user for row in rows_from(users, "user") if (user := row.get("user"))))
	doc.disabled = 0
	return _saved(doc)


@frappe.whitelist(methods=["POST"])
def disable_rule(rule: str) -> dict:
	"""Switch an assignment rule off; its users stay for the next time, and what is assigned stays so.

	Returns: the rule, as `get_rules` gives it.

	Raises:
		NoPipelineRule
	"""
	_refuse_strangers()
	doc = _pipeline_rule(rule)
	doc.disabled = 1
	return _saved(doc)


def condition_in_words(condition: str) -> str | None:
	"""Say what a condition of a rule that comes with the app means; None for any other."""
	words = {
		f"not opportunity_owner and status not in {rules.ENDED}": _(
			"Only open opportunities without an owner."
		),
		f"opportunity_owner and status not in {rules.ENDED}": _(
			"Only open opportunities that have an owner."
		),
		'not lead_owner and status in ("Open", "Replied")': _("Only open leads without an owner."),
	}
	return words.get((condition or "").strip())


def _refuse_strangers() -> None:
	refuse_unless_manager(
		_("Only a Sales Manager or System Manager decides to whom opportunities are assigned.")
	)


def _pipeline_rule(name: str) -> Document:
	rule = frappe.get_doc("Assignment Rule", name)
	if rule.document_type not in rules.DOCTYPES:
		frappe.throw(
			_("{0} assigns {1}. Edit it as a System Manager, in its own form.").format(
				bold(rule.name), _(rule.document_type)
			),
			NoPipelineRule,
			title=_("Not a Rule of the Pipeline"),
		)
	return rule


def _users_of(role: str, rule: Document) -> list[str]:
	users = rules.users_of_role(role, rule.document_type)
	if not users:
		frappe.throw(
			_("Nobody with the role {0} is enabled and may edit {1}. Choose another role, or users.").format(
				bold(role), _(rule.document_type)
			),
			AssigneesMissing,
			title=_("Choose Other Users"),
		)
	return users


def _saved(rule: Document) -> dict:
	# Frappe lets only System Managers edit rules; who may use them here was asked above.
	rule.flags.ignore_permissions = True
	return _state_of(rule.save())


def _state_of(rule: Document) -> dict:
	names = frappe.get_all(
		"User", {"name": ["in", in_list(row.user for row in rule.users)]}, ["name", "full_name"]
	)
	full_names = {user.name: user.full_name for user in names}
	fields = ("name", "document_type", "rule", "field", "priority", "assign_condition")
	return {
		**{field: rule.get(field) for field in fields},
		"condition_in_words": condition_in_words(rule.assign_condition),
		"enabled": not rule.disabled,
		"users": [{"user": row.user, "full_name": full_names[row.user]} for row in rule.users],
	}
