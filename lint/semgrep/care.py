"""What lint/semgrep/care.yml finds, and what it lets pass."""

import contextlib

import frappe


def read(name: str) -> int:
	# ruleid: swallowed-exception
	try:
		return int(name)
	except ValueError:
		pass
	# ok: swallowed-exception
	try:
		return int(name)
	except ValueError:
		return 0


def forget(name: str):
	# ruleid: swallowed-exception
	with contextlib.suppress(Exception):
		frappe.delete_doc("Lead", name)


def count(name: str):
	# ruleid: string-sql
	frappe.db.sql("select count(*) from tabLead where name = %s", name)
	lead = frappe.qb.DocType("Lead")
	# ok: string-sql
	frappe.qb.from_(lead).select(lead.name).where(lead.name == name).run()
