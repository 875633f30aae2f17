import frappe

from crm_pipeline.api.activities import activities, timeline_content
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer as map_customer
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_opportunity as map_opportunity
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_opportunity_from_contact
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_contact,
	make_customer,
	make_lead,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_supplier,
	make_user,
	unique,
)
from crm_pipeline.utils.markup import escaped


def make_task(doc, **fields):
	return make(
		"ToDo",
		**{
			"description": unique("Task"),
			"reference_type": doc.doctype,
			"reference_name": doc.name,
			**fields,
		},
	)


def make_event(*participants, **fields):
	rows = [{"reference_doctype": doc.doctype, "reference_docname": doc.name} for doc in participants]
	return make(
		"Event",
		**{
			"subject": unique("Event"),
			"starts_on": f"{in_days(1)} 10:00:00",
			"event_participants": rows,
			**fields,
		},
	)


def make_comment(doc):
	return doc.add_comment("Comment", unique("Remark"))


def note_everything(doc) -> set[str]:
	"""A mail, a call, a comment, a task and an event on a document; returns their names."""
	about = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	return {
		make_mail(doc, **about).name,
		make_mail(doc, communication_medium="Phone", **about).name,
		make_comment(doc).name,
		make_task(doc, allocated_to="Administrator").name,
		make_event(doc).name,
	}


def names_at(doc) -> list[str]:
	return [row["name"] for row in activities(doc.doctype, doc.name, limit=200)]


class TestContext(TestCase):
	def assertReachable(self, names: set[str], *docs):
		"""Every one of the names is found from each document, once."""
		for doc in docs:
			found = [name for name in names_at(doc) if name in names]
			self.assertEqual(sorted(found), sorted(names), f"from {doc.doctype}")

	def test_nothing_said_to_a_lead_is_lost_on_the_way_to_the_quotation(self):
		"""frappe/erpnext 4024: mails stayed behind on the lead."""
		lead = make_lead()
		said = note_everything(lead)
		opportunity = map_opportunity(lead.name).insert()
		said |= note_everything(opportunity)
		quotation = make_quotation(opportunity, net_total=100)
		said |= {make_comment(quotation).name}
		customer = map_customer(lead.name).insert()
		self.assertReachable(said, lead, opportunity, quotation, customer)

	def test_one_opportunity_does_not_show_another(self):
		customer = make_customer()
		first, second = (
			make_opportunity(opportunity_from="Customer", party_name=customer.name) for _ in range(2)
		)
		said = note_everything(first)
		self.assertReachable(said, first, customer)
		self.assertFalse(said & set(names_at(second)))

	def test_open_tasks_and_events_go_along_and_done_ones_stay(self):
		lead, colleague = make_lead(), make_user("Sales User")
		task, done = make_task(lead, allocated_to=colleague), make_task(lead, status="Closed")
		event, past = make_event(lead), make_event(lead, status="Closed")
		opportunity = map_opportunity(lead.name).insert()
		self.assertEqual(task.reload().reference_name, opportunity.name)
		self.assertEqual((task.allocated_to, done.reload().reference_name), (colleague, lead.name))
		self.assertIn(colleague, frappe.db.get_value("Opportunity", opportunity.name, "_assign"))
		self.assertFalse(frappe.db.get_value("Lead", lead.name, "_assign"))
		participants = [row.reference_docname for row in event.reload().event_participants]
		self.assertEqual(participants, [lead.name, opportunity.name])
		self.assertEqual(len(past.reload().event_participants), 1)
		map_opportunity(lead.name).insert()
		self.assertEqual(len(event.reload().event_participants), 2)

	def test_a_lead_hands_over_to_its_customer(self):
		lead = make_lead()
		task, event = make_task(lead), make_event(lead)
		customer = map_customer(lead.name).insert()
		self.assertEqual((task.reload().reference_type, task.reference_name), ("Customer", customer.name))
		self.assertEqual(event.reload().event_participants[1].reference_docname, customer.name)

	def test_another_customer_takes_nothing(self):
		lead = make_lead()
		task = make_task(lead)
		make_customer()
		self.assertEqual(task.reload().reference_name, lead.name)

	def test_deleting_an_opportunity_leaves_its_conversation_with_the_party(self):
		opportunity = make_party_opportunity()
		customer = frappe.get_doc("Customer", opportunity.party_name)
		mail, event = make_mail(opportunity), make_event(opportunity)
		both = make_event(opportunity, customer)
		opportunity.delete()
		self.assertReachable({mail.name, event.name, both.name}, customer)
		self.assertEqual(len(both.reload().event_participants), 1)
		self.assertFalse(frappe.db.exists("Event Participants", {"reference_docname": opportunity.name}))

	def test_a_party_with_opportunities_is_not_deleted(self):
		lead, other = make_lead(), make_lead()
		opportunity = map_opportunity(lead.name).insert()
		for party in (lead, map_customer(lead.name).insert()):
			if party.doctype == "Customer":
				make_opportunity(opportunity_from="Customer", party_name=party.name)
				opportunity.delete()
			with self.assertRefused(frappe.LinkExistsError, party.name):
				party.delete()
		other.delete()
		self.assertFalse(frappe.db.exists("Lead", other.name))

	def test_merging_customers_merges_what_was_said(self):
		first, second = make_customer(), make_customer()
		contact, said = make_contact(first), note_everything(first)
		frappe.rename_doc("Customer", first.name, second.name, merge=True)
		self.assertEqual([row.link_name for row in contact.reload().links], [second.name])
		self.assertReachable(said, second)

	def test_merged_and_renamed_parties_take_their_opportunities_along(self):
		first, second = make_customer(), make_customer()
		named, other = (
			make_opportunity(title=title, opportunity_from="Customer", party_name=first.name)
			for title in (None, "Chairs")
		)
		quotation = make_quotation(named, net_total=100)
		frappe.rename_doc("Customer", first.name, second.name, merge=True)
		self.assertFalse(frappe.db.exists("Customer", first.name))
		renamed = frappe.rename_doc("Customer", second.name, unique("Renamed"), force=True)
		for doc in (named, other, quotation):
			self.assertEqual(doc.reload().party_name, renamed)
		self.assertEqual((named.title, other.title), (second.customer_name, "Chairs"))
		self.assertEqual(other.customer_name, second.customer_name)
		self.assertEqual(named.save().title, second.customer_name)

	def test_a_merged_lead_takes_its_opportunities_along(self):
		first, second = make_lead(), make_lead()
		opportunity = map_opportunity(first.name).insert()
		frappe.rename_doc("Lead", first.name, second.name, merge=True, force=True)
		self.assertEqual(opportunity.reload().party_name, second.name)

	def test_who_may_not_read_the_document_reads_nothing(self):
		opportunity = make_party_opportunity()
		note_everything(opportunity)
		with self.as_user("Sales User"):
			self.assertTrue(activities("Opportunity", opportunity.name))
		with self.as_user():
			with self.assertRaises(frappe.PermissionError):
				activities("Opportunity", opportunity.name)

	def test_what_may_not_be_read_is_left_out(self):
		opportunity = make_party_opportunity()
		supplied = make(
			"Supplier Quotation",
			supplier=make_supplier().name,
			opportunity=opportunity.name,
			items=[{"item_name": "Printer", "qty": 1, "rate": 1}],
		)
		private, public = make_event(opportunity), make_event(opportunity, event_type="Public")
		said = make_comment(supplied).name
		remark = make_comment(frappe.get_doc("Customer", opportunity.party_name)).name
		self.assertIn(said, names_at(opportunity))
		with self.as_user("Purchase User"):
			found = names_at(opportunity)
			self.assertIn(said, found)
			self.assertIn(public.name, found)
			self.assertNotIn(private.name, found)
			self.assertEqual(remark in found, frappe.has_permission("Customer", "read"))

	def test_of_an_opportunity_out_of_sight_nothing_shows(self):
		customer = make_customer()
		said = note_everything(make_opportunity(opportunity_from="Customer", party_name=customer.name))
		remark = make_comment(customer).name
		for change in ({"opportunity_visibility": OWN}, {"disable_opportunities": 1}):
			settings = frappe.get_doc("Selling Settings")
			settings.update({"opportunity_visibility": "All", **change})
			settings.save()
			with self.as_user("Sales User"):
				found = names_at(customer)
				self.assertIn(remark, found)
				self.assertFalse(said & set(found))
				self.assertEqual(timeline_content("Customer", customer.name), [])

	def test_the_timeline_adds_what_the_form_does_not_show_itself(self):
		lead = make_lead()
		mail = make_mail(
			lead, reference_doctype="Lead", reference_name=lead.name, subject="<b>Hi</b>", content="<script>x"
		)
		opportunity = map_opportunity(lead.name).insert()
		make_mail(opportunity)
		content = timeline_content("Opportunity", opportunity.name)
		self.assertEqual(len(content), 1)
		self.assertIn(mail.name, content[0]["content"])
		self.assertIn(lead.name, content[0]["content"])
		self.assertIn("&lt;b&gt;Hi", content[0]["content"])
		self.assertNotIn("<script", content[0]["content"])

	def test_the_timeline_shows_what_was_written_not_how_html_writes_it(self):
		lead = make_lead()
		make_mail(
			lead,
			reference_doctype="Lead",
			reference_name=lead.name,
			content="<p>Last year&apos;s plan &amp; a &lt;b&gt;</p>",
		)
		opportunity = map_opportunity(lead.name).insert()
		(row,) = activities("Opportunity", opportunity.name)
		self.assertEqual(row["content"], "Last year's plan & a <b>")
		(card,) = timeline_content("Opportunity", opportunity.name)
		self.assertIn(escaped("Last year's plan & a <b>"), card["content"])


class TestContacts(TestCase):
	def test_calls_count_but_are_no_first_response(self):
		opportunity = make_opportunity()
		make_mail(opportunity, communication_medium="Phone", recipients=None)
		opportunity.reload()
		self.assertEqual((opportunity.contacted_out, opportunity.contacted_in), (1, 0))
		self.assertEqual((opportunity.status, opportunity.waiting_for), ("Open", "Them"))
		self.assertFalse(opportunity.first_responded_on)
		self.assertTrue(opportunity.last_contacted_on)
		make_mail(opportunity, "Received", communication_medium="Phone")
		opportunity.reload()
		self.assertEqual((opportunity.contacted_in, opportunity.waiting_for), (1, "Us"))
		self.assertTrue(opportunity.last_response_on)

	def test_meetings_do_not_count(self):
		opportunity = make_opportunity()
		make_mail(opportunity, communication_medium="Meeting")
		self.assertFalse(opportunity.reload().contacted_out)

	def test_waiting_for_them_since_the_first_mail_they_did_not_answer(self):
		opportunity = make_opportunity(transaction_date=in_days(-5))
		for days in (-3, -2):
			make_mail(opportunity, communication_date=f"{in_days(days)} 09:00:00")
		self.assertEqual(str(opportunity.reload().waiting_since), f"{in_days(-3)} 09:00:00")
		make_mail(opportunity, "Received", communication_date=f"{in_days(-1)} 09:00:00")
		opportunity.reload()
		self.assertEqual(str(opportunity.waiting_since), f"{in_days(-1)} 09:00:00")
		self.assertEqual((opportunity.contacted_out, opportunity.contacted_in), (2, 1))

	def test_nobody_waits_on_an_ended_opportunity_until_it_is_reopened(self):
		opportunity = make_opportunity()
		make_mail(opportunity)
		opportunity.reload().mark_won()
		self.assertEqual((opportunity.waiting_for, opportunity.waiting_since), ("Nobody", None))
		opportunity.reopen()
		self.assertEqual(opportunity.waiting_for, "Them")

	def test_a_save_does_not_rewrite_the_counts(self):
		opportunity = make_opportunity()
		make_mail(opportunity)
		opportunity.reload().update({"contacted_out": 9, "waiting_since": "2001-01-01 00:00:00"})
		opportunity.save()
		self.assertEqual(opportunity.reload().contacted_out, 1)
		self.assertNotEqual(str(opportunity.waiting_since), "2001-01-01 00:00:00")


class TestFromContact(TestCase):
	def test_the_party_is_prefilled(self):
		customer = make_customer()
		contact = make_contact(customer, email_id="eve@outside.example")
		opportunity = make_opportunity_from_contact(contact.name).insert()
		self.assertEqual((opportunity.opportunity_from, opportunity.party_name), ("Customer", customer.name))
		self.assertEqual(
			(opportunity.contact_person, opportunity.title), (contact.name, customer.customer_name)
		)
		self.assertEqual(opportunity.contact_email, "eve@outside.example")

	def test_a_contact_of_nobody_gives_one_without_party(self):
		contact = make_contact(make_supplier())
		opportunity = make_opportunity_from_contact(contact.name).insert()
		self.assertFalse(opportunity.party_name)
		self.assertEqual(opportunity.contact_person, contact.name)

	def test_only_for_who_may_read_the_contact(self):
		contact = make_contact()
		with self.as_user():
			with self.assertRaises(frappe.PermissionError):
				make_opportunity_from_contact(contact.name)
