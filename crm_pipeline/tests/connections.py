"""A second connection to the site, as somebody else's request has one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import frappe


def elsewhere(act: Callable[[], object]) -> object:
	"""Run `act` on a connection of its own, commit what it wrote, and return its result once that is done."""
	site, sites_path = frappe.local.site, frappe.local.sites_path

	def connected():
		frappe.init(site, sites_path=sites_path)
		frappe.connect()
		try:
			result = act()
			frappe.db.commit()
			return result
		finally:
			frappe.destroy()

	with ThreadPoolExecutor(1) as pool:
		return pool.submit(connected).result()
