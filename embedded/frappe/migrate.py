"""bench migrate: bring a site's schema and data in line with its apps."""

import frappe
from frappe.database import schema
from frappe.installer import add_module_defs
from frappe.model.meta import SELF_DESCRIBING
from frappe.modules.patch_handler import PatchType, run_all
from frappe.modules.sync import remove_orphan_doctypes, sync_all, sync_fixtures


class SiteMigration:
	"""before_migrate hooks, early patches, DocTypes and records, late patches, fixtures, after_migrate hooks."""

	def __init__(self, skip_failing: bool = False, **_unused):
		self.skip_failing = skip_failing

	def run(self, site: str | None = None) -> None:
		"""Migrate `site` on a connection of its own, or the one that is connected."""
		if site:
			frappe.init(site)
			frappe.connect()
		frappe.flags.in_migrate = True
		frappe.clear_cache()
		try:
			self._run_hooks("before_migrate")
			self._update_schema()
			self._run_hooks("after_migrate")
		except Exception:
			frappe.db.rollback()
			raise
		finally:
			frappe.flags.in_migrate = False
			frappe.clear_cache()
			if site:
				frappe.destroy()

	def _run_hooks(self, hook: str) -> None:
		for app in frappe.get_installed_apps():
			for method in frappe.get_hooks(hook, app_name=app):
				frappe.get_attr(method)()
		frappe.db.commit()

	def _update_schema(self) -> None:
		schema.create_plain_tables()
		for doctype in SELF_DESCRIBING:
			schema.sync_table(doctype)
		run_all(self.skip_failing, PatchType.pre_model_sync)
		for app in frappe.get_installed_apps():
			add_module_defs(app)
		sync_all()
		run_all(self.skip_failing, PatchType.post_model_sync)
		sync_fixtures()
		remove_orphan_doctypes()
		frappe.db.commit()


def migrate(site: str | None = None, **options) -> None:
	SiteMigration(**options).run(site)
