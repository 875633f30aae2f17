"""User Permissions and rights on own records only: what lists hide is hidden in history, rows, reports and counts."""

import frappe
import frappe.client
import frappe.share
import pytest
from frappe.desk.query_report import run
from frappe.permissions import add_user_permission, update_permission_property

from crm_pipeline.api.party_history import party_history
from crm_pipeline.api.pipeline import count_overdue, get_board, get_cards
from crm_pipeline.parties.related_documents import related_documents
from crm_pipeline.permissions.desk_overrides import get_count
from crm_pipeline.permissions.desk_search import get_link_title, keep_visible, search_link, validate_link
from crm_pipeline.permissions.visibility import is_limited
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_customer,
	make_lead,
	make_opportunity,
	make_quotation,
	make_supplier,
	make_user,
	unique,
)
from crm_pipeline.tests.http import answering

SELLER = "Sales User"
PAST = "2020-01-01 10:00:00"


class Restricted(TestCase):
	"""A seller who may work with one customer; opportunities of that one, of another, of a lead, and of nobody."""

	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.clear_cache)
		self.seller = make_user(SELLER)
		self.ours, self.theirs = make_customer().name, make_customer().name
		self.seen, self.hidden = (self.opportunity("Customer", name) for name in (self.ours, self.theirs))
		self.of_lead = self.opportunity("Lead", make_lead().name)
		self.unset = make_opportunity()

	def opportunity(self, party_type: str, party: str):
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10}]
		values = {"opportunity_from": party_type, "party_name": party, "items": rows}
		return make_opportunity(next_contact_date=PAST, **values)

	def permit(self, doctype: str, name: str, **options):
		frappe.set_user("Administrator")
		add_user_permission(doctype, name, self.seller, **options)
		self.use()

	def use(self):
		frappe.clear_cache(user=self.seller)
		frappe.set_user(self.seller)
		frappe.clear_messages()

	def strictly(self):
		frappe.db.set_single_value("System Settings", "apply_strict_user_permissions", 1)
		frappe.clear_document_cache("System Settings", "System Settings")

	def all(self) -> list:
		return [self.seen, self.hidden, self.of_lead, self.unset]

	def listed(self, documents: list | None = None) -> set[str]:
		"""Those of some documents that lists show, which must be those that may be read one by one, and counted."""
		documents = documents or self.all()
		doctype, names = documents[0].doctype, [document.name for document in documents]
		filters = {"name": ["in", names]}
		found = set(frappe.get_list(doctype, filters, pluck="name"))
		self.assertEqual({name for name in names if frappe.has_permission(doctype, "read", name)}, found)
		self.assertEqual(get_count(doctype, filters), len(found))
		return found

	def names(self, *documents) -> set[str]:
		return {document.name for document in documents}


class TestParties(Restricted):
	def test_opportunities_of_other_customers_are_hidden(self):
		self.permit("Customer", self.ours)
		self.assertEqual(self.listed(), self.names(self.seen, self.of_lead, self.unset))
		self.assertTrue(is_limited(self.seller))

	def test_each_party_type_for_itself(self):
		other = make_lead().name
		self.permit("Lead", other)
		self.assertEqual(self.listed(), self.names(self.seen, self.hidden, self.unset))

	def test_strict_ones_hide_what_has_no_party(self):
		self.strictly()
		self.permit("Customer", self.ours)
		self.assertEqual(self.listed(), self.names(self.seen, self.of_lead))

	def test_for_one_doctype_only(self):
		quotations = [self.quotation(self.ours), self.quotation(self.theirs)]
		self.permit("Customer", self.ours, applicable_for="Quotation")
		self.assertEqual(self.listed(), self.names(*self.all()))
		self.assertEqual(self.listed(quotations), self.names(quotations[0]))

	def test_quotations(self):
		quotations = [self.quotation(self.ours), self.quotation(self.theirs)]
		self.permit("Customer", self.ours)
		self.assertEqual(self.listed(quotations), self.names(quotations[0]))

	def quotation(self, customer: str):
		return make_quotation(party_name=customer, submit=False)

	def test_supplier_quotations_follow_the_opportunities_that_they_name(self):
		free, of_lead = self.supplier_quotation(), self.supplier_quotation(self.of_lead)
		seen, on_row = (
			self.supplier_quotation(self.seen, self.unset),
			self.supplier_quotation(None, self.seen),
		)
		hidden = [
			self.supplier_quotation(self.hidden),
			self.supplier_quotation(None, self.hidden),
			self.supplier_quotation(self.seen, self.hidden),
			self.supplier_quotation(self.hidden, self.seen),
		]
		shared = self.supplier_quotation(self.hidden, self.hidden)
		frappe.get_doc("User", self.seller).add_roles("Purchase User")
		frappe.share.add("Supplier Quotation", shared.name, self.seller)
		self.permit("Customer", self.ours)
		in_sight = [free, of_lead, seen, on_row, shared]
		self.assertEqual(self.listed([*in_sight, *hidden]), self.names(*in_sight))

	def supplier_quotation(self, on_head=None, on_row=None):
		row = {"item_name": "Advice", "qty": 1, "rate": 10, "opportunity": on_row and on_row.name}
		named = {"supplier": make_supplier().name, "opportunity": on_head and on_head.name}
		return make("Supplier Quotation", items=[row], **named)

	def test_what_is_shared_is_seen_in_spite_of_them(self):
		frappe.share.add("Opportunity", self.hidden.name, self.seller)
		self.permit("Customer", self.ours)
		self.assertEqual(self.listed(), self.names(*self.all()))
		self.assertFalse(frappe.has_permission("Opportunity", "write", self.hidden.name))
		self.assertTrue(frappe.has_permission("Opportunity", "write", self.seen.name))

	def test_nobody_deals_with_another_customer(self):
		self.permit("Customer", self.ours)
		made = make_opportunity(opportunity_from="Customer", party_name=self.ours)
		made.party_name = self.theirs
		self.assertFalse(made.has_permission("write"))
		new = frappe.get_doc(doctype="Opportunity", opportunity_from="Customer", party_name=self.theirs)
		self.assertFalse(new.has_permission("create"))

	def test_board_reports_and_search(self):
		self.permit("Customer", self.ours)
		board = get_board(self.seen.sales_process, 200)
		cards = {card.name for stage in board["stages"] for card in stage["cards"]}
		self.assertNotIn(self.hidden.name, cards)
		more = get_cards(self.hidden.sales_process, self.hidden.sales_stage, limit=200)
		self.assertNotIn(self.hidden.name, {card.name for card in more["cards"]})
		overdue = len(frappe.get_list("Opportunity", {"next_contact_date": PAST}))
		self.assertGreaterEqual(count_overdue()["value"], overdue)
		rows = [{"doctype": "Opportunity", "name": each.name} for each in self.all()]
		self.assertNotIn(self.hidden.name, {row["name"] for row in keep_visible(rows)})
		found = search_link("Opportunity", self.hidden.name, ignore_user_permissions=1)
		self.assertNotIn(self.hidden.name, {row["value"] for row in found})

	def test_a_lead_does_not_tell_its_hidden_customer(self):
		lead = make_lead()
		customer = make_customer(lead_name=lead.name).name
		self.permit("Customer", self.ours)
		self.assertIsNone(lead.visible_customer())
		frappe.set_user("Administrator")
		self.assertEqual(lead.visible_customer(), customer)

	@pytest.mark.bench_only("The host tells no titles of links.")
	def test_titles_of_hidden_leads(self):
		known, secret = make_lead(), make_lead()
		self.permit("Lead", known.name)
		self.assertEqual(get_link_title("Lead", known.name), known.lead_name)
		self.assertEqual(get_link_title("Lead", secret.name), secret.name)
		frappe.set_user("Administrator")
		self.assertEqual(get_link_title("Lead", secret.name), secret.lead_name)

	@pytest.mark.bench_only("The host does not check links for a form.")
	def test_hidden_customers_are_not_confirmed(self):
		self.permit("Customer", self.ours)
		validate = getattr(frappe.client, "validate_link_and_fetch", validate_link)  # so called in Frappe 16
		with answering():
			self.assertEqual(validate("Customer", self.ours)["name"], self.ours)
			self.assertFalse(validate("Customer", self.theirs).get("name"))

	def test_reports(self):
		for opportunity in (self.seen, self.hidden):
			opportunity.reload().declare_lost([make("Lost Reason", lost_reason=frappe.generate_hash()).name])
		self.permit("Customer", self.ours)
		rows = run("Lost Opportunity", ignore_prepared_report=True)["result"]
		names = {row.get("name") for row in rows if isinstance(row, dict)}
		self.assertIn(self.seen.name, names)
		self.assertNotIn(self.hidden.name, names)


class TestHistory(Restricted):
	"""What hangs on an opportunity is seen where lists show that opportunity."""

	def assertFollows(self, hidden, seen):
		for doctype in ("Pipeline Change", "Opportunity Item"):
			field = "opportunity" if doctype == "Pipeline Change" else "parent"
			for opportunity, there in ((seen, True), (hidden, False)):
				filters = {field: opportunity.name}
				options = {"parent_doctype": "Opportunity"} if field == "parent" else {}
				with self.subTest(doctype, there=there):
					rows = frappe.get_list(doctype, filters, pluck="name", **options)
					self.assertEqual(bool(rows), there)
					self.assertEqual(get_count(doctype, filters) > 0, there)
					for name in frappe.get_all(doctype, filters, pluck="name"):
						record = frappe.get_doc(doctype, name)
						self.assertEqual(bool(record.has_permission("read")), there)

	def test_user_permissions(self):
		self.permit("Customer", self.ours)
		self.assertFollows(self.hidden, self.seen)

	def test_of_any_link(self):
		ours, theirs = (make("Lead Source", source_name=unique("Source")).name for _ in range(2))
		for opportunity, source in ((self.seen, ours), (self.hidden, theirs)):
			opportunity.reload().update({"source": source}).save()
		self.permit("Lead Source", ours)
		self.assertFollows(self.hidden, self.seen)

	def test_rights_on_own_records_only(self):
		with_rights = {"read": 1, "report": 1}
		for right in with_rights:
			update_permission_property("Opportunity", SELLER, 0, right, 0)
		make_owner_rule = frappe.new_doc("Custom DocPerm", role=SELLER, parent="Opportunity", if_owner=1)
		make_owner_rule.update({"permlevel": 0, "read": 1, "write": 1, "create": 1}).insert()
		frappe.clear_cache(doctype="Opportunity")
		self.use()
		own = self.opportunity("Customer", self.ours)
		self.assertEqual(self.listed([own, self.seen, self.hidden]), {own.name})
		self.assertFollows(self.hidden, own)

	def test_auto_closed_ones(self):
		for opportunity in (self.seen, self.hidden):
			row = frappe.new_doc(
				"Auto Closed Opportunity", opportunity=opportunity.name, batch="ACB-1", result="Closed"
			)
			row.flags.ignore_links = row.flags.ignore_mandatory = True
			row.insert()
		self.permit("Customer", self.ours)
		rows = frappe.get_list("Auto Closed Opportunity", {"batch": "ACB-1"}, pluck="opportunity")
		self.assertEqual(rows, [self.seen.name])

	def test_context_and_party_history(self):
		lead = make_lead()
		customer = make_customer(lead_name=lead.name)
		opportunities = [self.opportunity("Lead", lead.name), self.opportunity("Customer", customer.name)]
		self.permit("Customer", self.ours)
		self.assertEqual(related_documents("Lead", lead.name)["Opportunity"], [opportunities[0].name])
		history = party_history("Lead", lead.name)
		self.assertEqual([row["name"] for row in history["opportunities"]], [opportunities[0].name])
		self.assertEqual(history["counts"]["Open"], 1)
