"""A site with hidden opportunities, and its twin without."""

import shutil
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from threading import Thread

import frappe

from crm_pipeline.tests.matrix.world import World

TWIN = "twin.localhost"
DATABASE = "db.sqlite3"


class Twins:
	"""Two sites where a site's database is a file in its folder; elsewhere one, with and then without them.

	Either way everything else is the same to the letter, so that names and moments need no mask.
	"""

	def __init__(self, world: World):
		self.world, self.site = world, frappe.local.site
		self.folder = Path(frappe.get_site_path()).resolve()
		self.are_two = (self.folder / DATABASE).exists()

	@property
	def other(self) -> Path:
		return self.folder.parent / TWIN

	def hide(self) -> str:
		"""Add the hidden chain; returns the site that has it."""
		frappe.db.commit()
		if not self.are_two:
			self.world.hide()
			frappe.db.commit()
			return self.site
		self.copy()
		thread = Thread(target=self._hide_in_twin)
		thread.start()
		thread.join()
		self.world.hidden, self.world.chain = [], None  # they are none of this site
		return TWIN

	def copy(self) -> None:
		"""Copy the site, its database by SQLite: closing a file that it has open would release its locks on that."""
		shutil.copytree(self.folder, self.other, ignore=shutil.ignore_patterns(f"{DATABASE}*"))
		with (
			closing(connect(self.folder / DATABASE)) as site,
			closing(connect(self.other / DATABASE)) as twin,
		):
			site.backup(twin)

	def show(self) -> str:
		"""Take the hidden chain away where there is but one site; returns the site without it."""
		if not self.are_two:
			self.world.unhide()
			frappe.db.commit()
		return self.site

	def remove(self) -> None:
		if self.are_two:
			shutil.rmtree(self.other, ignore_errors=True)

	def _hide_in_twin(self) -> None:
		frappe.init(TWIN, sites_path=str(self.folder.parent))
		frappe.connect()
		try:
			frappe.set_user("Administrator")
			frappe.flags.mute_emails = frappe.flags.in_test = True
			self.world.hide()
			frappe.db.commit()
		finally:
			frappe.destroy()
