"""What installing creates, what it refuses, and that a migration leaves users' records as they left them."""

from threading import Thread

import frappe
from frappe.migrate import SiteMigration

from crm_pipeline import exceptions, install, uninstall
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_contact,
	make_customer,
	make_mail,
	make_opportunity,
	unique,
)


class TestInstallation(TestCase):
	def test_the_two_processes_with_their_percentages(self):
		for name, expected in (
			("Standard", [10, 25, 50, 80, 100, 0]),
			("Solution Sale", [0, 10, 20, 50, 80, 100, 0]),
		):
			process = frappe.get_doc("Sales Process", name)
			self.assertEqual([row.probability for row in process.stages], expected)

	def test_roles_are_the_framework_s_own(self):
		for role in ("Sales User", "Sales Manager", "Purchase User"):
			self.assertTrue(frappe.db.exists("Role", role))

	def test_what_is_filtered_on_is_indexed(self):
		for field in (
			"status",
			"sales_stage",
			"opportunity_owner",
			"party_name",
			"expected_closing",
			"next_contact_date",
		):
			self.assertTrue(frappe.get_meta("Opportunity").get_field(field).search_index, field)

	def test_installing_twice_creates_nothing(self):
		counted = (
			"Sales Stage",
			"Sales Process",
			"Lost Reason",
			"Lead Source",
			"Opportunity Type",
			"Kanban Board",
			"Workflow",
			"Workflow State",
			"Workflow Action Master",
		)
		before = [frappe.db.count(doctype) for doctype in counted]
		install.after_install()
		self.assertEqual([frappe.db.count(doctype) for doctype in counted], before)

	def test_a_site_where_another_app_owns_our_doctypes_is_refused(self):
		install.before_install()
		frappe.db.set_value("DocType", "Opportunity", "module", "Core")
		frappe.db.set_value("DocType", "Item", "module", "Contacts")
		with self.assertRefused(exceptions.DocTypeClash, "Item (frappe), Opportunity (frappe)"):
			install.before_install()

	def test_an_app_that_brings_one_of_our_doctypes_is_refused(self):
		install.before_app_install("crm_pipeline")
		install.before_app_install("frappe")
		with self.assertRefused(exceptions.DocTypeClash, "User (crm_pipeline)"):
			install.refuse_other_app("frappe", ours={"User"})


class TestMigration(TestCase):
	"""Migrates for real, so it commits; each test puts back what it changed."""

	def undo(self):
		frappe.db.rollback()

	def migrate(self):
		frappe.db.commit()
		thread = Thread(target=SiteMigration().run, args=(frappe.local.site,))
		thread.start()
		thread.join()
		frappe.db.rollback()
		frappe.clear_cache()

	def test_edited_renamed_and_deleted_records_stay_as_they_were_left(self):
		made = make("Lost Reason", lost_reason=unique("Reason"))
		stage = make("Sales Stage", stage_name=unique("Stage"))
		renamed = frappe.rename_doc("Sales Stage", stage.name, unique("Renamed"))
		standard = frappe.get_doc("Sales Process", "Standard")
		probability, source = standard.stages[0].probability, frappe.get_doc("Lead Source", "Walk In")
		try:
			frappe.db.set_value("Lost Reason", made.name, "description", "Edited")
			standard.stages[0].probability = 17
			standard.save()
			frappe.delete_doc("Lead Source", "Walk In")
			self.migrate()
			self.assertEqual(frappe.db.get_value("Lost Reason", made.name, "description"), "Edited")
			self.assertEqual(frappe.get_doc("Sales Process", "Standard").stages[0].probability, 17)
			self.assertTrue(frappe.db.exists("Sales Stage", renamed))
			self.assertFalse(frappe.db.exists("Sales Stage", stage.name))
			self.assertFalse(frappe.db.exists("Lead Source", "Walk In"))
		finally:
			standard.reload().stages[0].probability = probability
			standard.save()
			if not frappe.db.exists("Lead Source", "Walk In"):
				frappe.copy_doc(source).insert()
			frappe.delete_doc("Lost Reason", made.name)
			frappe.delete_doc("Sales Stage", renamed)
			frappe.db.commit()


class TestUninstallation(TestCase):
	def test_what_points_at_our_records_goes_and_the_rest_stays(self):
		opportunity = make_opportunity()
		make_mail(opportunity)
		opportunity.add_comment("Comment", "Called twice")
		todo = make("ToDo", description="Call", reference_type="Opportunity", reference_name=opportunity.name)
		other = make("ToDo", description="Water the plants")
		contact = make_contact(make_customer())
		uninstall.before_uninstall()
		for doctype, filters in (
			("Comment", {"reference_doctype": "Opportunity"}),
			("Communication", {"reference_doctype": "Opportunity"}),
			("Communication Link", {"link_doctype": "Opportunity"}),
			("Dynamic Link", {"link_doctype": "Customer"}),
			("Kanban Board", {"reference_doctype": "Opportunity"}),
			("Workflow", {"document_type": "Opportunity"}),
			("Workflow State", {"name": "Negotiation"}),
			("Workflow Action Master", {"name": "Step Back"}),
			("Custom Field", {"module": "CRM Pipeline"}),
			("ToDo", {"name": todo.name}),
		):
			self.assertFalse(frappe.db.exists(doctype, filters), doctype)
		self.assertTrue(frappe.db.exists("ToDo", other.name))
		self.assertTrue(frappe.db.exists("Contact", contact.name))
