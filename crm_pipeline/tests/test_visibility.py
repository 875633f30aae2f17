"""Who sees which deals: every path on which a record can be read, beside one on which it may be."""

import frappe
import frappe.client
import frappe.share
import pytest
from frappe.desk.form import assign_to
from frappe.desk.query_report import run

from crm_pipeline.api.pipeline import get_board
from crm_pipeline.crm_pipeline.doctype.opportunity.mapping import make_quotation as map_quotation
from crm_pipeline.crm_pipeline.doctype.opportunity.mapping import (
	make_supplier_quotation as map_supplier_quotation,
)
from crm_pipeline.exceptions import OpportunitiesSwitchedOff, OpportunityNotVisible
from crm_pipeline.overrides import visibility
from crm_pipeline.permissions import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_competitor,
	make_customer,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_supplier,
	make_user,
)

SELLER = "Sales User"


def settings(**values) -> None:
	doc = frappe.get_doc("Selling Settings")
	doc.update(values)
	doc.save()


def as_(user: str):
	frappe.set_user(user)
	frappe.clear_messages()


class Limited(TestCase):
	"""Two sellers, each with a deal."""

	def setUp(self):
		super().setUp()
		settings(opportunity_visibility=OWN)
		self.anna, self.ben = make_user(SELLER), make_user(SELLER)
		reason, rival = make_lost_reason().name, make_competitor().name
		self.hers, self.his = (
			make_party_opportunity(
				opportunity_owner=user,
				competitors=[{"competitor": rival}],
				lost_reasons=[{"lost_reason": reason}],
				status="Lost",
			)
			for user in (self.anna, self.ben)
		)
		as_(self.ben)

	def names(self, doctype="Opportunity", **options) -> set[str]:
		return set(frappe.get_list(doctype, pluck="name", limit_page_length=0, **options))


class TestOpportunities(Limited):
	def test_lists_show_own_ones_only(self):
		self.assertIn(self.his.name, self.names())
		self.assertNotIn(self.hers.name, self.names())

	def test_whoever_entered_a_deal_sees_it(self):
		entered = make_opportunity(opportunity_owner=self.anna)
		self.assertIn(entered.name, self.names())
		self.assertTrue(entered.has_permission("read"))

	def test_all_is_the_default(self):
		as_("Administrator")
		settings(opportunity_visibility="All")
		as_(self.ben)
		self.assertTrue({self.his.name, self.hers.name} <= self.names())
		self.assertTrue(self.hers.has_permission("write"))

	def test_managers_see_all(self):
		for role in ("Sales Manager", "System Manager"):
			with self.subTest(role), self.as_user(role):
				self.assertTrue({self.his.name, self.hers.name} <= self.names())
				self.assertTrue(frappe.has_permission("Opportunity", "write", self.hers.name))

	def test_documents(self):
		for ptype in ("read", "write", "print", "email", "share"):
			with self.subTest(ptype):
				self.assertTrue(frappe.has_permission("Opportunity", ptype, self.his.name))
				self.assertFalse(frappe.has_permission("Opportunity", ptype, self.hers.name))
		self.assertEqual(frappe.client.get("Opportunity", self.his.name)["name"], self.his.name)
		with self.assertRefused(frappe.PermissionError):
			frappe.client.get("Opportunity", self.hers.name)

	def test_a_forged_copy_opens_nothing(self):
		forged = frappe.get_doc({**self.hers.as_dict(), "opportunity_owner": self.ben, "owner": self.ben})
		self.assertFalse(forged.has_permission("read"))
		with self.assertRefused(frappe.PermissionError):
			forged.save()

	def test_single_values(self):
		self.assertEqual(frappe.client.get_value("Opportunity", "title", self.his.name).title, self.his.title)
		self.assertFalse(frappe.client.get_value("Opportunity", "title", self.hers.name))
		with self.assertRefused(frappe.PermissionError):
			frappe.client.set_value("Opportunity", self.hers.name, "title", "Taken")

	def test_counts(self):
		for deal, count in ((self.his, 1), (self.hers, 0)):
			self.assertEqual(visibility.get_count("Opportunity", {"name": deal.name}), count)
			self.assertEqual(visibility.get_count("Opportunity Item", {"parent": deal.name}), count)
			self.assertEqual(
				visibility.get_count("Pipeline Change", {"opportunity": deal.name}) > 0, bool(count)
			)

	def test_counts_of_what_a_role_may_not_list(self):
		with self.assertRefused(frappe.PermissionError):
			visibility.get_count("Comment", {"reference_name": self.hers.name})

	def test_link_search_never_ignores_permissions(self):
		for ignoring in (0, 1):
			for deal, found in ((self.his, True), (self.hers, False)):
				results = visibility.search_link("Opportunity", deal.name, ignore_user_permissions=ignoring)
				self.assertEqual(deal.name in {result["value"] for result in results}, found)

	def test_search_results(self):
		results = [
			{"doctype": "Opportunity", "name": self.his.name},
			{"doctype": "Opportunity", "name": self.hers.name},
			{"doctype": "Lead", "name": "any"},
		]
		self.assertEqual(visibility.keep_visible(results), [results[0], results[2]])
		as_("Administrator")
		self.assertEqual(visibility.keep_visible(results), results)

	def test_rows(self):
		for table in ("Opportunity Item", "Lost Reason Detail", "Competitor Detail"):
			with self.subTest(table):
				rows = frappe.client.get_list(table, ["parent"], parent="Opportunity", limit_page_length=0)
				parents = {row.parent for row in rows}
				self.assertIn(self.his.name, parents)
				self.assertNotIn(self.hers.name, parents)

	def test_a_row_by_its_name(self):
		self.assertEqual(
			frappe.client.get("Opportunity Item", self.his.items[0].name, parent="Opportunity")["qty"], 2
		)
		with self.assertRefused(frappe.PermissionError):
			frappe.client.get("Opportunity Item", self.hers.items[0].name, parent="Opportunity")
		row = frappe.get_doc("Opportunity Item", self.hers.items[0].name)
		self.assertFalse(frappe.has_permission("Opportunity Item", "print", row))

	def test_history(self):
		self.assertEqual(
			set(frappe.get_list("Pipeline Change", {"opportunity": self.his.name}, pluck="opportunity")),
			{self.his.name},
		)
		self.assertFalse(frappe.get_list("Pipeline Change", {"opportunity": self.hers.name}))
		as_("Administrator")
		change = frappe.get_last_doc("Pipeline Change", {"opportunity": self.hers.name})
		as_(self.ben)
		self.assertFalse(change.has_permission("read"))

	def test_reports(self):
		rows = run("Lost Opportunity", ignore_prepared_report=True)["result"]
		names = {row.get("name") for row in rows if isinstance(row, dict)}
		self.assertIn(self.his.name, names)
		self.assertNotIn(self.hers.name, names)

	def test_board(self):
		as_("Administrator")
		deals = {
			user: make_opportunity(opportunity_owner=user, opportunity_amount=7)
			for user in (self.anna, self.ben)
		}
		as_(self.ben)
		board = get_board(deals[self.ben].sales_process, 200)
		cards = {card.name for stage in board["stages"] for card in stage["cards"]}
		self.assertIn(deals[self.ben].name, cards)
		self.assertNotIn(deals[self.anna].name, cards)
		self.assertEqual(board["totals"]["count"], len(cards))

	def test_mappers(self):
		for mapper in (map_quotation, map_supplier_quotation):
			self.assertEqual(mapper(self.his.name).opportunity, self.his.name)
			with self.assertRefused(frappe.PermissionError):
				mapper(self.hers.name)

	def test_comments_and_mails(self):
		for deal in (self.his, self.hers):
			mail = frappe.get_doc(
				doctype="Communication",
				subject="Secret",
				communication_medium="Phone",
				reference_doctype="Opportunity",
				reference_name=deal.name,
			).insert(ignore_permissions=True)
			stored = frappe.get_doc("Communication", mail.name)
			self.assertEqual(bool(stored.has_permission("read")), deal is self.his)


class TestAssignedAndShared(Limited):
	def assign(self, deal):
		return make(
			"ToDo",
			description="Look",
			allocated_to=self.ben,
			reference_type="Opportunity",
			reference_name=deal.name,
		)

	def test_assigned_until_done(self):
		as_("Administrator")
		self.assign(self.hers)
		as_(self.ben)
		self.assertIn(self.hers.name, self.names())
		self.assertTrue(self.hers.has_permission("write"))
		self.assertFalse(frappe.share.get_shared("Opportunity", self.ben))
		assign_to.close("Opportunity", self.hers.name, self.ben)
		self.assertNotIn(self.hers.name, self.names())
		self.assertFalse(self.hers.has_permission("read"))

	def test_nobody_assigns_himself(self):
		self.assign(self.his)
		with self.assertRefused(OpportunityNotVisible, self.hers.name):
			self.assign(self.hers)
		with self.assertRefused(frappe.PermissionError):
			assign_to.add({"doctype": "Opportunity", "name": self.hers.name, "assign_to": [self.ben]})

	def test_nobody_reopens_his_assignment(self):
		as_("Administrator")
		todo = self.assign(self.hers)
		todo.status = "Cancelled"
		todo.save()
		as_(self.ben)
		todo.status = "Open"
		with self.assertRefused(OpportunityNotVisible):
			todo.save()

	def test_shared_for_reading(self):
		as_(self.anna)
		frappe.share.add("Opportunity", self.hers.name, self.ben)
		as_(self.ben)
		self.assertIn(self.hers.name, self.names())
		self.assertTrue(self.hers.has_permission("read"))
		self.assertTrue(frappe.get_list("Pipeline Change", {"opportunity": self.hers.name}))
		as_(self.anna)
		frappe.share.set_permission("Opportunity", self.hers.name, self.ben, "read", 0)
		as_(self.ben)
		self.assertNotIn(self.hers.name, self.names())
		self.assertFalse(self.hers.has_permission("read"))

	def test_shared_with_everyone(self):
		as_(self.anna)
		frappe.share.add("Opportunity", self.hers.name, everyone=1)
		as_(self.ben)
		self.assertIn(self.hers.name, self.names())

	def test_only_who_sees_a_deal_shares_it(self):
		with self.assertRefused(frappe.PermissionError):
			frappe.share.add("Opportunity", self.hers.name, self.ben)


class TestQuotations(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		self.rows = [{"item_name": "Advice", "qty": 1, "rate": 10, "opportunity": self.hers.name}]

	def quotation(self, **fields):
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10}]
		party = {"quotation_to": "Customer", "party_name": fields.get("party_name") or make_customer().name}
		return make("Quotation", **{"items": rows, **party, **fields})

	def supplier_quotation(self, **fields):
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10}]
		return make("Supplier Quotation", **{"supplier": make_supplier().name, "items": rows, **fields})

	def assertSeen(self, document, seen: bool):
		self.assertEqual(document.name in self.names(document.doctype), seen)
		self.assertEqual(document.has_permission("read"), seen)
		table = f"{document.doctype} Item"
		rows = frappe.client.get_list(table, ["parent"], {"parent": document.name}, parent=document.doctype)
		self.assertEqual(bool(rows), seen)
		self.assertEqual(visibility.get_count(table, {"parent": document.name}) > 0, seen)

	def test_seen_through_the_opportunity(self):
		for maker in (self.quotation, self.supplier_quotation):
			as_("Administrator")
			documents = {
				self.ben: maker(opportunity=self.his.name),
				self.anna: maker(opportunity=self.hers.name),
			}
			for user in (self.ben, self.anna):
				as_(user)
				for owner, document in documents.items():
					self.assertSeen(document, user == owner)

	def test_seen_through_a_row(self):
		for maker in (self.quotation, self.supplier_quotation):
			as_("Administrator")
			document = maker(items=self.rows)
			as_(self.anna)
			self.assertSeen(document, True)
			as_(self.ben)
			self.assertSeen(document, False)

	def test_without_opportunity_own_assigned_or_shared(self):
		document = self.quotation()
		as_(self.ben)
		self.assertSeen(document, False)
		self.assertSeen(self.quotation(party_name=document.party_name), True)
		as_("Administrator")
		frappe.share.add("Quotation", document.name, self.ben)
		as_(self.ben)
		self.assertSeen(document, True)

	def test_nobody_names_a_hidden_deal(self):
		customer = make_customer().name
		as_(self.ben)
		self.quotation(party_name=customer, opportunity=self.his.name)
		with self.assertRefused(OpportunityNotVisible, self.hers.name):
			self.quotation(party_name=customer, opportunity=self.hers.name)
		with self.assertRefused(OpportunityNotVisible, self.hers.name):
			self.quotation(party_name=customer, items=self.rows)


class TestSwitch(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		settings(opportunity_visibility="All")

	def assertOff(self):
		for read in (
			lambda: frappe.get_list("Opportunity"),
			lambda: frappe.client.get("Opportunity", self.his.name),
			lambda: frappe.client.get_value("Opportunity", "title", self.his.name),
			lambda: frappe.client.get_list("Opportunity Item", parent="Opportunity"),
			lambda: frappe.get_list("Pipeline Change"),
			lambda: visibility.get_count("Opportunity"),
			lambda: run("Lost Opportunity", ignore_prepared_report=True),
			lambda: map_quotation(self.his.name),
			get_board,
			lambda: make_opportunity(),
		):
			with self.assertRefused(OpportunitiesSwitchedOff, "Selling Settings"):
				read()
		rows = frappe.client.get_list("Lost Reason Detail", ["parent"], parent="Quotation")
		self.assertNotIn(self.his.name, {row.parent for row in rows})

	def assertOn(self):
		self.assertIn(self.his.name, self.names())
		self.assertTrue(self.his.has_permission("write"))
		make_opportunity()

	def test_off_for_all_but_the_administrator(self):
		settings(disable_opportunities=1)
		for role in (SELLER, "Sales Manager", "System Manager", "Purchase User"):
			with self.subTest(role), self.as_user(role):
				if role != "Purchase User":
					self.assertOff()
				with self.assertRefused(OpportunitiesSwitchedOff):
					frappe.get_list("Opportunity")
		self.assertOn()

	def test_off_for_a_role(self):
		settings(disabled_roles=[{"role": SELLER}])
		as_(self.ben)
		self.assertOff()
		with self.as_user("Sales Manager"):
			self.assertOn()

	def test_a_managers_role_keeps_access_unless_listed(self):
		settings(disabled_roles=[{"role": SELLER}])
		with self.as_user(SELLER, "Sales Manager"):
			self.assertOn()
		settings(disabled_roles=[{"role": SELLER}, {"role": "Sales Manager"}])
		with self.as_user(SELLER, "Sales Manager"):
			self.assertOff()

	def test_back_on_restores_all(self):
		def counts():
			return [
				frappe.db.count(doctype) for doctype in ("Opportunity", "Opportunity Item", "Pipeline Change")
			]

		before = counts()
		settings(disable_opportunities=1)
		as_(self.ben)
		self.assertOff()
		as_("Administrator")
		self.assertEqual(counts(), before)
		settings(disable_opportunities=0)
		as_(self.ben)
		self.assertOn()

	def test_a_share_does_not_get_around_it(self):
		frappe.share.add("Opportunity", self.hers.name, self.ben, write=1)
		settings(disable_opportunities=1)
		as_(self.ben)
		with self.assertRefused(OpportunitiesSwitchedOff):
			frappe.client.get("Opportunity", self.hers.name)
		with self.assertRefused(OpportunitiesSwitchedOff):
			frappe.client.set_value("Opportunity", self.hers.name, "title", "Taken")

	def test_quotations_without_opportunity_go_on(self):
		plain, naming = make_quotation(submit=False), make_quotation(make_party_opportunity(), submit=False)
		settings(disable_opportunities=1)
		as_(self.ben)
		self.assertIn(plain.name, self.names("Quotation"))
		self.assertTrue(plain.has_permission("write"))
		self.assertNotIn(naming.name, self.names("Quotation"))
		with self.assertRefused(OpportunitiesSwitchedOff):
			frappe.client.get("Quotation", naming.name)

	def test_workspace_hides(self):
		pages = [{"name": "CRM Pipeline"}, {"name": "Tools"}]
		as_(self.ben)
		self.assertEqual(visibility.shown_workspaces(pages), pages)
		as_("Administrator")
		settings(disabled_roles=[{"role": SELLER}])
		as_(self.ben)
		self.assertEqual(visibility.shown_workspaces(pages), [pages[1]])


@pytest.mark.bench_only("Desk, its charts and connections are drawn by a bench")
class TestDesk(Limited):
	def connections(self) -> dict[str, int]:
		answer = visibility.get_open_count("Customer", self.hers.party_name)["count"]["external_links_found"]
		return {entry["doctype"]: entry["count"] for entry in answer}

	def test_connections(self):
		self.assertEqual(self.connections()["Opportunity"], 0)
		as_(self.anna)
		self.assertEqual(self.connections()["Opportunity"], 1)

	def test_link_titles(self):
		self.assertEqual(visibility.get_link_title("Opportunity", self.hers.name), self.hers.name)
		self.assertEqual(visibility.get_link_title("Opportunity", self.his.name), self.his.title)

	def test_charts_do_not_mix_users(self):
		as_("Administrator")
		make_opportunity(opportunity_owner=self.anna, opportunity_amount=1_000_000)
		for user, seen in ((self.anna, True), (self.ben, False), (self.anna, True)):
			as_(user)
			chart = visibility.get_chart(chart_name="Pipeline by Stage")
			self.assertEqual(bool(chart and max(chart["datasets"][0]["values"]) >= 1_000_000), seen)

	def test_counts_by_assignee(self):
		as_("Administrator")
		for deal in (self.his, self.hers):
			make(
				"ToDo",
				description="Look",
				allocated_to=self.anna,
				reference_type="Opportunity",
				reference_name=deal.name,
			)
		as_(self.ben)
		filters = [["Opportunity", "name", "in", [self.his.name, self.hers.name]]]
		counts = visibility.get_group_by_count("Opportunity", frappe.as_json(filters), "assigned_to")
		self.assertEqual(counts, [{"name": self.anna, "count": 1}])

	def test_start_of_a_session(self):
		self.assertTrue(self.offers())
		as_("Administrator")
		settings(disabled_roles=[{"role": SELLER}])
		as_(self.ben)
		self.assertFalse(self.offers())

	def offers(self) -> bool:
		"""Whether Desk offers opportunities and our workspace, both or neither."""
		from crm_pipeline.boot import hide_opportunities
		from crm_pipeline.permissions import is_switched_off

		boot = frappe._dict(user=frappe.get_user().load_user())
		boot.allowed_workspaces = visibility.get_workspace_sidebar_items()["pages"]
		if is_switched_off(self.ben):
			hide_opportunities(boot)
		readable = "Opportunity" in boot.user.can_read
		self.assertEqual(readable, "CRM Pipeline" in {page["name"] for page in boot.allowed_workspaces})
		return readable
