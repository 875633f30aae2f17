"""What lint/semgrep/permissions.yml finds, and what it lets pass."""

from typing import Any

import frappe


def close(doc):
	# ruleid: ignored-permissions
	doc.reload()
	doc.save(ignore_permissions=True)
	# ok: ignored-permissions
	doc.reload()
	doc.save(ignore_permissions=True)  # the job's own record
	# ok: ignored-permissions
	doc.flags.ignore_permissions = True
	# ok: ignored-permissions
	doc.save(
		ignore_permissions=True,
	)
	# ruleid: ignored-permissions
	doc.reload()
	doc.flags.update({"ignore_permissions": True})


# ruleid: whitelisted-methods
@frappe.whitelist()
def anyhow(name: str):
	frappe.get_doc("Lead", name).check_permission("read")


# ok: whitelisted-methods, whitelisted-permission
@frappe.whitelist(methods=["GET"])
def read(name: str, limit: int = 20, **options: Any):
	"""Read a lead."""
	doc = frappe.get_doc("Lead", name)
	doc.check_permission("read")
	return doc


# ruleid: whitelisted-permission
@frappe.whitelist(methods=["GET"])
def read_all():
	return frappe.get_all("Lead")


# ok: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def hand_over():
	_refuse_strangers()


@frappe.whitelist(methods=["POST"])
# ruleid: whitelisted-types
def untyped(name, limit: int = 20):
	frappe.has_permission("Lead", throw=True)


@frappe.whitelist(methods=["POST"])
# ruleid: whitelisted-types
def partly_typed(name: str, limit=20):
	frappe.has_permission("Lead", throw=True)


class Lead:
	# ok: whitelisted-types
	@frappe.whitelist(methods=["POST"])
	def lose(self, reason: str):
		self.check_permission("write")


def _refuse_strangers():
	frappe.only_for("Sales Manager")
