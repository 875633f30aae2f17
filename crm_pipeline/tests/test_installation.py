"""What installing creates, what it refuses, and that a migration leaves users' records as they left them."""

from pathlib import Path
from threading import Thread

import frappe
import pytest
from frappe.migrate import SiteMigration
from frappe.utils import now_datetime

from crm_pipeline import exceptions, install, uninstall
from crm_pipeline.crm_pipeline.doctype.opportunity.conversation import notify_of_mail
from crm_pipeline.patches import add_gaps, add_my_day, fill_selling_settings
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_contact,
	make_customer,
	make_mail,
	make_opportunity,
	unique,
)
from crm_pipeline.tests.mail import make_mailbox


def make_file(doc, **fields):
	"""An attachment, of an address elsewhere unless it has content."""
	attached = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}
	where = {} if fields else {"file_url": "https://example.org/plan.txt"}
	return make("File", file_name=f"{unique('Plan')}.txt", **attached, **where, **fields)


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
			"Custom HTML Block",
			"Workflow",
			"Workflow State",
			"Workflow Action Master",
			"Assignment Rule",
		)
		before = [frappe.db.count(doctype) for doctype in counted]
		install.after_install()
		self.assertEqual([frappe.db.count(doctype) for doctype in counted], before)

	def test_a_site_where_another_app_owns_our_doctypes_is_refused(self):
		install.before_install()
		frappe.db.set_value("DocType", "Opportunity", "module", "Core")
		frappe.db.set_value("DocType", "Item", "module", "Desk")
		with self.assertRefused(exceptions.DocTypeClash, "Item (frappe), Opportunity (frappe)"):
			install.before_install()

	def test_an_app_that_brings_one_of_our_doctypes_is_refused(self):
		install.before_app_install("crm_pipeline")
		install.before_app_install("frappe")
		with self.assertRefused(exceptions.DocTypeClash, "User (crm_pipeline)"):
			install.refuse_other_app("frappe", ours={"User"})


class TestPatches(TestCase):
	def test_settings_never_stored_get_their_defaults(self):
		fields = ("opportunity_visibility", "close_opportunity_after_days", "warn_before_auto_close_days")
		frappe.db.set_single_value("Selling Settings", {"warn_before_auto_close_days": 0})
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "")
		frappe.db.delete("Singles", {"doctype": "Selling Settings", "field": "close_opportunity_after_days"})
		for _ in range(2):
			fill_selling_settings.execute()
			settings = frappe.get_doc("Selling Settings")
			self.assertEqual([settings.get(field) for field in fields], ["All", 15, 0])

	def test_settings_made_otherwise_stay(self):
		settings = frappe.get_doc("Selling Settings")
		settings.update({"opportunity_visibility": OWN, "close_opportunity_after_days": 9})
		settings.save()
		fill_selling_settings.execute()
		settings.reload()
		self.assertEqual((settings.opportunity_visibility, settings.close_opportunity_after_days), (OWN, 9))

	def test_sites_from_before_my_day_get_its_block_once(self):
		frappe.delete_doc("Custom HTML Block", uninstall.MY_DAY)
		add_my_day.execute()
		frappe.db.set_value("Custom HTML Block", uninstall.MY_DAY, "html", "ours")
		add_my_day.execute()
		self.assertEqual(frappe.db.get_value("Custom HTML Block", uninstall.MY_DAY, "html"), "ours")

	def test_sites_from_before_the_gaps_get_their_block_alone(self):
		for block in (uninstall.MY_DAY, uninstall.GAPS):
			frappe.delete_doc("Custom HTML Block", block)
		add_gaps.execute()
		self.assertTrue(frappe.db.exists("Custom HTML Block", uninstall.GAPS))
		self.assertFalse(frappe.db.exists("Custom HTML Block", uninstall.MY_DAY))


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
		rule = frappe.get_doc("Assignment Rule", "Opportunities in Turn")
		try:
			frappe.db.set_value("Lost Reason", made.name, "description", "Edited")
			standard.stages[0].probability = 17
			standard.save()
			frappe.delete_doc("Lead Source", "Walk In")
			frappe.db.set_value("Assignment Rule", rule.name, "priority", 77)
			self.migrate()
			self.assertEqual(frappe.db.get_value("Assignment Rule", rule.name, "priority"), 77)
			self.assertEqual(frappe.db.get_value("Lost Reason", made.name, "description"), "Edited")
			self.assertEqual(frappe.get_doc("Sales Process", "Standard").stages[0].probability, 17)
			self.assertTrue(frappe.db.exists("Sales Stage", renamed))
			self.assertFalse(frappe.db.exists("Sales Stage", stage.name))
			self.assertFalse(frappe.db.exists("Lead Source", "Walk In"))
		finally:
			frappe.db.set_value("Assignment Rule", rule.name, "priority", rule.priority)
			standard.reload().stages[0].probability = probability
			standard.save()
			if not frappe.db.exists("Lead Source", "Walk In"):
				frappe.copy_doc(source).insert()
			frappe.delete_doc("Lost Reason", made.name)
			frappe.delete_doc("Sales Stage", renamed)
			frappe.db.delete("Workflow State", {"name": renamed})
			frappe.db.commit()


class TestUninstallation(TestCase):
	def test_what_points_at_our_records_goes_and_the_rest_stays(self):
		opportunity = make_opportunity()
		mail = make_mail(opportunity)
		opportunity.add_comment("Comment", "Called twice")
		todo = make("ToDo", description="Call", reference_type="Opportunity", reference_name=opportunity.name)
		other = make("ToDo", description="Water the plants")
		contact = make_contact(make_customer())
		mailbox = make_mailbox(append_to="Opportunity")
		participants = [{"reference_doctype": "Opportunity", "reference_docname": opportunity.name}]
		event = make("Event", subject="Visit", starts_on=now_datetime(), event_participants=participants)
		notify_of_mail(opportunity)
		self.assertTrue(frappe.db.exists("Notification Log", {"document_name": opportunity.name}))
		kept = make_file(other)
		gone = [make_file(doc).name for doc in (opportunity, mail, todo)]
		uninstall.before_uninstall()
		for doctype, filters in (
			("Comment", {"reference_doctype": "Opportunity"}),
			("Communication", {"reference_doctype": "Opportunity"}),
			("Communication Link", {"link_doctype": "Opportunity"}),
			("Dynamic Link", {"link_doctype": "Customer"}),
			("Kanban Board", {"reference_doctype": "Opportunity"}),
			("Custom HTML Block", {"name": ["in", [uninstall.MY_DAY, uninstall.GAPS]]}),
			("Workflow", {"document_type": "Opportunity"}),
			("Workflow State", {"name": "Negotiation"}),
			("Workflow Action Master", {"name": "Step Back"}),
			("Assignment Rule", {"document_type": "Opportunity"}),
			("Assignment Rule Day", {"parent": "Leads in Turn"}),
			("Custom Field", {"module": "CRM Pipeline"}),
			("ToDo", {"name": todo.name}),
			("Event Participants", {"reference_doctype": "Opportunity"}),
			("Notification Log", {"document_type": "Opportunity"}),
			("File", {"name": ["in", gone]}),
		):
			self.assertFalse(frappe.db.exists(doctype, filters), doctype)
		for record in (other, contact, event, kept):
			self.assertTrue(frappe.db.exists(record.doctype, record.name), record.doctype)
		self.assertFalse(mailbox.reload().append_to)

	@pytest.mark.bench_only("The embedded host stores no files, and has no tags and no IMAP folders.")
	def test_files_go_from_the_disk_and_folders_append_to_nothing_of_ours(self):
		opportunity, other = make_opportunity(), make("ToDo", description="Water the plants")
		opportunity.add_tag("Hot")
		folders = [{"folder_name": "INBOX", "append_to": "Lead"}]
		mailbox = make_mailbox(append_to=None, use_imap=1, imap_folder=folders)
		files = [make_file(doc, content=unique("Plan")) for doc in (opportunity, other)]
		paths = [Path(file.get_full_path()) for file in files]
		self.addCleanup(paths[1].unlink)
		uninstall.before_uninstall()
		self.assertEqual([path.exists() for path in paths], [False, True])
		self.assertFalse(frappe.db.exists("Tag Link", {"document_type": "Opportunity"}))
		self.assertFalse(mailbox.reload().imap_folder[0].append_to)

	def test_links_of_other_apps_are_left_to_them(self):
		link = {
			"fieldtype": "Link",
			"options": "DocType",
			"fieldname": "kind",
			"parent": "Ticket of Another App",
		}
		frappe.get_doc(doctype="DocField", parenttype="DocType", parentfield="fields", **link).db_insert()
		found = dict(uninstall.links_to_doctypes(install.doctypes_of(install.APP)))
		self.assertNotIn("Ticket of Another App", found)
		self.assertEqual(found["ToDo"], "reference_type")
