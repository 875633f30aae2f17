"""A second connection to the site, as somebody else's request has one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import frappe

WAIT_BRIEFLY = {
	"mariadb": "SET innodb_lock_wait_timeout = 1",
	"postgres": "SET lock_timeout = '500ms'",
	"sqlite": "PRAGMA busy_timeout = 200",
}


def wait_briefly() -> None:
	"""Have this connection give up on a lock at once, instead of after half a minute."""
	frappe.db.sql(WAIT_BRIEFLY[frappe.db.db_type])


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


@contextmanager
def holding(act: Callable[[], object]) -> Iterator[None]:
	"""Run `act` on a connection of its own, and let its transaction stand open meanwhile, with all that it locked."""
	site, sites_path = frappe.local.site, frappe.local.sites_path
	locked, done = Event(), Event()

	def connected():
		frappe.init(site, sites_path=sites_path)
		frappe.connect()
		try:
			act()
			locked.set()
			done.wait(60)
			frappe.db.rollback()
		finally:
			locked.set()
			frappe.destroy()

	with ThreadPoolExecutor(1) as pool:
		job = pool.submit(connected)
		locked.wait(60)
		try:
			yield
		finally:
			done.set()
			job.result()
