"""Frappe's assignment rules, as far as they assign opportunities and leads."""

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.model.document import Document
from pypika.queries import QueryBuilder
from rq.timeouts import JobTimeoutException

from crm_pipeline.exceptions import (
	AssigneeDisabled,
	AssigneeNotInSales,
	AssigneesMissing,
	AssignmentRuleBroken,
)
from crm_pipeline.permissions.managing import managing_roles
from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.rules import rotation, status
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.prepared import Prepared

BASED_ON_FIELD = "Based on Field"
# The statuses of ended opportunities, as conditions of rules write them.
ENDED = "({})".format(", ".join(f'"{each}"' for each in status.STATUSES if each in status.ENDED))
# With what a rule that says nothing about it closes assignments; without, Frappe reopens those of an ended opportunity.
CLOSE_CONDITIONS = {
	"Opportunity": f"status in {ENDED}",
	"Lead": 'status == "Converted"',
}
DOCTYPES = tuple(CLOSE_CONDITIONS)


def enabled_rules(doctype: str) -> list[Document]:
	"""Return the rules that are on for a DocType, in the order in which Frappe tries them."""
	filters = {"document_type": doctype, "disabled": 0}
	names = frappe.get_all("Assignment Rule", filters, pluck="name", order_by="priority desc")
	return [frappe.get_doc("Assignment Rule", name) for name in names]


def auto_assigning_rules(doctype: str, owner_field: str) -> list[str]:
	"""Return the names of the rules that are on for a DocType and find a user, instead of following the owner there is."""
	rules = _rules_of({"doctype": doctype})
	return [name for name, *how in rules if how != [BASED_ON_FIELD, owner_field]]


@Prepared
def _rules_of(values: dict[str, Any]) -> QueryBuilder:
	table = frappe.qb.DocType("Assignment Rule")
	query = frappe.qb.from_(table).select(table.name, table.rule, table["field"])
	return query.where((table.document_type == values["doctype"]) & (table.disabled == 0))


def check_rule(rule: Document, method: str | None = None) -> None:
	"""Refuse to have a rule on that could not assign, or would keep opportunities from being saved.

	Raises:
		AssigneesMissing, AssigneeDisabled, AssigneeNotInSales, AssignmentRuleBroken
	"""
	if rule.document_type not in DOCTYPES or rule.disabled:
		return
	rule.close_condition = rule.close_condition or CLOSE_CONDITIONS[rule.document_type]
	if rule.rule != BASED_ON_FIELD:
		check_assignees(rule)
	validate_conditions(rule)


def check_assignees(rule: Document) -> None:
	"""Refuse users whom an assignment would not reach."""
	title = _("Choose Other Users")
	if not rule.users:
		frappe.throw(
			_("Choose the users among whom {0} assigns.").format(bold(rule.name)),
			AssigneesMissing,
			title=title,
		)
	for user in (row.user for row in rule.users):
		if not frappe.db.get_value("User", user, "enabled"):
			frappe.throw(
				_("{0} is disabled. Enable the user, or leave them out.").format(bold(user)),
				AssigneeDisabled,
				title=title,
			)
		if not may_work_with(rule.document_type, user):
			frappe.throw(
				_("{0} may not edit {1}. Give the role Sales User first.").format(
					bold(user), _(rule.document_type)
				),
				AssigneeNotInSales,
				title=title,
			)


def may_work_with(doctype: str, user: str) -> bool:
	"""Return whether roles and settings let a user edit records of a DocType."""
	return frappe.has_permission(doctype, "write", user=user) and not is_switched_off(user)


def validate_conditions(rule: Document) -> None:
	"""Refuse names that no record has, and texts that cannot be filled in.

	What else is wrong with a condition shows on some records only: Frappe tells whoever saves such a one, and assigns
	it to nobody. A text that fails would keep the record from being saved.
	"""
	blank = frappe.new_doc(rule.document_type).as_dict()
	for field in ("assign_condition", "unassign_condition", "close_condition"):
		try:
			# Frappe's own evaluation of a rule does not say what failed.
			# nosemgrep: frappe-codeinjection-eval, frappe-ssti
			frappe.safe_eval(rule.get(field) or "None", None, blank)
		except NameError as error:
			_refuse_broken(rule, field, error)
		except JobTimeoutException:
			raise
		except Exception:
			continue  # an empty record may well lack what the condition compares
	try:
		# The rule renders its text only while it assigns; here it is tried before.
		# nosemgrep: frappe-ssti
		frappe.render_template(rule.description, blank)
	except JobTimeoutException:
		raise
	except Exception as error:  # whatever a template can raise
		_refuse_broken(rule, "description", error)


def leave_rules(user: str) -> None:
	"""Take a user out of the rules; whose turn it is stays. A rule that has nobody left is switched off."""
	names = frappe.get_all(
		"Assignment Rule User", {"user": user, "parenttype": "Assignment Rule"}, pluck="parent", distinct=True
	)
	filters = {"name": ["in", in_list(names)], "document_type": ["in", DOCTYPES]}
	for name in frappe.get_all("Assignment Rule", filters, pluck="name"):
		_leave(frappe.get_doc("Assignment Rule", name, for_update=True), user)


def set_users(rule: Document, users: Iterable[str]) -> None:
	"""Let a rule assign to these users, in this order."""
	rule.set("users", [{"user": user} for user in dict.fromkeys(users)])


def users_of_role(role: str, doctype: str) -> list[str]:
	"""Return the enabled users of a role who may work with a DocType, by name."""
	users = frappe.get_all("Has Role", {"role": role, "parenttype": "User"}, pluck="parent")
	filters = {"name": ["in", in_list(user for user in users if user not in frappe.STANDARD_USERS)]}
	enabled = frappe.get_all("User", {**filters, "enabled": 1}, pluck="name", order_by="name")
	return [user for user in enabled if may_work_with(doctype, user)]


def _leave(rule: Document, user: str) -> None:
	users = [row.user for row in rule.users]
	rule.last_user = rotation.last_after_removal(users, user, rule.last_user)
	set_users(rule, (each for each in users if each != user))
	emptied = not (rule.users or rule.disabled or rule.rule == BASED_ON_FIELD)
	rule.disabled = 1 if emptied else rule.disabled
	# Follows from disabling the user, which was allowed; what else is wrong with a rule must not prevent it.
	rule.flags.update(ignore_permissions=True, ignore_validate=True, ignore_links=True)
	rule.save()
	if emptied:
		_notify_managers(rule, user)


def _notify_managers(rule: Document, from_user: str) -> None:
	"""Notify managers that nobody assigns any more what this rule assigned."""
	roles = {"role": ["in", sorted(managing_roles())], "parenttype": "User"}
	managers = frappe.get_all("Has Role", roles, pluck="parent", distinct=True)
	filters = {"name": ["in", in_list(managers)], "enabled": 1, "user_type": "System User"}
	emails = frappe.get_all("User", {**filters, "email": ["is", "set"]}, pluck="email")
	enqueue_create_notification(
		emails,
		{
			"type": "Alert",
			"document_type": rule.doctype,
			"document_name": rule.name,
			"subject": _("{0} is switched off: its last user, {1}, is disabled.").format(
				bold(rule.name), escaped(from_user)
			),
		},
	)


def _refuse_broken(rule: Document, field: str, error: Exception) -> None:
	frappe.throw(
		_("{0} of {1} does not fit {2}: {3}").format(
			_(rule.meta.get_label(field)), bold(rule.name), _(rule.document_type), escaped(error)
		),
		AssignmentRuleBroken,
		title=_("Rule Cannot Work"),
	)
