"""bench migrate: bring a site's schema and data in line with its apps."""

from pathlib import Path

import frappe
from frappe.database.schema import sync_core_tables
from frappe.installer import add_module_defs, make_private
from frappe.modules.patch_handler import AFTER_SYNC, BEFORE_SYNC, run_all
from frappe.modules.sync import sync_fixtures, sync_for


class SiteMigration:
	"""Early patches, DocTypes and records, late patches, fixtures, what apps do after it."""

	def run(self, site: str) -> None:
		"""Migrate `site` on a connection of its own."""
		frappe.init(site)
		make_private(Path(frappe.local.site_path))
		frappe.connect()
		frappe.flags.in_migrate = True
		frappe.clear_cache()
		try:
			self._update()
		except Exception:
			frappe.db.rollback()
			raise
		finally:
			frappe.clear_cache()
			frappe.destroy()

	def _update(self) -> None:
		sync_core_tables()
		run_all(BEFORE_SYNC)
		apps = frappe.get_installed_apps()
		for app in apps:
			add_module_defs(app)
			sync_for(app)
		frappe.clear_cache()
		run_all(AFTER_SYNC)
		for app in apps:
			sync_fixtures(app)
		for method in frappe.get_hooks("after_migrate"):
			frappe.get_attr(method)()
		frappe.db.commit()
