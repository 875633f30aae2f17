"""A site that is filled and, from its backup, comes back under another name; both compared, row by row.

python -m crm_pipeline.tests.restoring fill SITE, then compare SITE RESTORED, in the folder of the sites. Everything is committed.
"""

import sys
from collections import Counter
from collections.abc import Callable

import frappe
from frappe.core.doctype.user.user import generate_keys
from frappe.installer import install_app
from frappe.utils import add_days, getdate
from frappe.utils.password import get_decrypted_password

from crm_pipeline.checks.registry import INVARIANTS
from crm_pipeline.checks.running import check
from crm_pipeline.install import APP
from crm_pipeline.tests import tables
from crm_pipeline.tests.leaving import connect, work

FILE = "Drawing of the shelves"
DIGITS = 5  # with which the names of opportunities end
# What Frappe writes anew when it restores: the password of Administrator, and whether the scheduler runs.
OF_A_SITE = ("__Auth doctype=User name=Administrator ", "tabSingles doctype=System Settings field=modified ")


def fill(site: str) -> list[str]:
	"""Put the app on a site, leave traces of every kind, files of both kinds and a token."""
	connect(site)
	install_app(APP)
	frappe.db.commit()
	connect(site)
	work()
	opportunity = newest()
	for private in (0, 1):
		values = {"attached_to_doctype": "Opportunity", "attached_to_name": opportunity.name}
		values |= {"file_name": f"drawing-{private}.txt", "is_private": private, "content": FILE}
		frappe.get_doc({"doctype": "File", **values}).insert()
	generate_keys("Administrator")
	frappe.db.commit()
	return []


def compare(site: str, restored: str) -> list[str]:
	"""Return what the restored site lacks, has in another way, or cannot do."""
	connect(site)
	before, secret = everything(), token()
	connect(restored)
	lines = tables.differences(before, everything())
	lines = [line for line in lines if not line[2:].startswith(OF_A_SITE)]
	if token() != secret:
		lines.append("the token is another")
	attached = frappe.get_all("File", {"attached_to_doctype": "Opportunity"}, pluck="name")
	contents = [frappe.get_doc("File", name).get_content() for name in attached]
	if contents != [FILE, FILE]:
		lines.append(f"the files say {contents}")
	return lines + works_on() + untrue()


def everything() -> tables.Contents:
	"""Return the rows of each table with all that they say."""
	return {
		table: Counter(
			tuple((key, str(value)) for key, value in row.items())
			for row in frappe.qb.from_(frappe.qb.Table(table)).select("*").run(as_dict=True)
		)
		for table in sorted(frappe.db.get_tables(cached=False))
		if tables.is_kept(table)
	}


def token() -> str:
	return get_decrypted_password("User", "Administrator", "api_secret")


def newest():
	return frappe.get_last_doc("Opportunity")


def works_on() -> list[str]:
	"""Save what is there and enter the next: its number follows, and its history goes on."""
	opportunity, day = newest(), add_days(getdate(), 77)
	opportunity.update({"expected_closing": day}).save()
	prefix = opportunity.name[:-DIGITS]
	series = frappe.qb.Table("tabSeries")
	[[used]] = frappe.qb.from_(series).select(series.current).where(series.name == prefix).run()
	following = frappe.get_doc({"doctype": "Opportunity", "title": "The next one"}).insert()
	frappe.db.commit()
	lines = []
	if following.name != f"{prefix}{used + 1:0{DIGITS}}":
		lines.append(f"after number {used} came {following.name}")
	changes = {"opportunity": opportunity.name, "change": "Expected Closing", "expected_closing": day}
	if not frappe.db.exists("Pipeline Change", changes):
		lines.append(f"the history of {opportunity.name} does not go on")
	return lines


def untrue() -> list[str]:
	return [
		f"{each.invariant.name}: {', '.join(each.names)}"
		for each in check(INVARIANTS.values(), 5)
		if each.count
	]


ACTIONS: dict[str, Callable[..., list[str]]] = {"fill": fill, "compare": compare}

if __name__ == "__main__":
	print(*(f"! {line}" for line in ACTIONS[sys.argv[1]](*sys.argv[2:])), sep="\n")
