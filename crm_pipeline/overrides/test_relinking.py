"""A mail is noted on and moved between records that its user may write alone, since a status follows its mails."""

import frappe
import frappe.share

from crm_pipeline.exceptions import QuotationOfOthers
from crm_pipeline.mail.test_mail_order import relink_as_desk
from crm_pipeline.overrides.communication import relink
from crm_pipeline.tests.factories import make_mail, make_opportunity, make_party_opportunity, make_quotation
from crm_pipeline.tests.http import answering
from crm_pipeline.tests.limited import Limited, as_

FACTS = (
	"status",
	"own_status",
	"waiting_for",
	"contacted_out",
	"contacted_in",
	"last_contacted_on",
	"modified",
)


class TestRelinking(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		self.mine, self.other = (make_opportunity(opportunity_owner=user) for user in (self.ben, self.anna))
		self.mails = {each.name: make_mail(each) for each in (self.mine, self.other)}

	def facts(self) -> list:
		return [frappe.db.get_value("Opportunity", each.name, FACTS) for each in (self.mine, self.other)]

	def references(self) -> dict:
		"""Where the mails are."""
		return {
			name: frappe.db.get_value("Communication", mail.name, "reference_name")
			for name, mail in self.mails.items()
		}

	def share(self, right: str):
		frappe.share.add("Opportunity", self.other.name, self.ben, **{right: 1})

	def assertStays(self, refusal: type[Exception], source, target):
		before, mail = self.facts(), self.mails[source.name]
		as_(self.ben)
		sent = {"name": mail.name, "reference_doctype": "Opportunity", "reference_name": target.name}
		with self.assertRefused(refusal), answering("/api/method/frappe.email.relink", **sent):
			relink_as_desk(mail, target)
		self.assertEqual(self.facts(), before)
		self.assertEqual(self.references(), {name: name for name in self.mails})

	def test_who_only_reads_one_of_two_moves_no_mail_to_or_from_it(self):
		self.share("read")
		self.assertStays(frappe.PermissionError, self.other, self.mine)
		self.assertStays(frappe.PermissionError, self.mine, self.other)

	def test_one_that_is_hidden_does_not_exist(self):
		self.assertStays(frappe.DoesNotExistError, self.other, self.mine)
		self.assertStays(frappe.DoesNotExistError, self.mine, self.other)

	def test_a_quotation_for_one_that_they_may_not_change(self):
		items = [{"item_name": "A", "qty": 1, "rate": 5, "opportunity": self.other.name}]
		own = make_party_opportunity(opportunity_owner=self.ben)
		quotation = make_quotation(own, items=items)
		frappe.db.set_value("Quotation", quotation.name, "owner", self.ben)
		before, mail = self.facts(), self.mails[self.mine.name]
		as_(self.ben)
		sent = {"name": mail.name, "reference_doctype": "Quotation", "reference_name": quotation.name}
		with self.assertRefused(QuotationOfOthers), answering("/api/method/frappe.email.relink", **sent):
			relink(**sent)
		self.assertEqual(self.facts(), before)
		self.assertEqual(self.references()[self.mine.name], self.mine.name)

	def test_who_writes_both_moves_it_and_the_status_follows(self):
		self.share("write")
		as_(self.ben)
		target = make_opportunity(opportunity_owner=self.ben)
		self.assertEqual(target.status, "Open")
		relink_as_desk(self.mails[self.other.name], target)
		self.assertEqual(self.references()[self.other.name], target.name)
		self.assertEqual((target.reload().status, target.contacted_out), ("Replied", 1))

	def test_nor_does_the_document_itself_for_who_may_write_mails(self):
		self.share("read")
		before = self.facts()
		mail = frappe.get_doc("Communication", self.mails[self.other.name].name)
		as_(self.ben)
		mail.reference_name = self.mine.name
		with self.assertRefused(frappe.PermissionError):
			mail.save()
		self.assertEqual(self.facts(), before)
		self.assertEqual(self.references(), {name: name for name in self.mails})


class TestNoting(Limited):
	"""Whoever has a mailbox may make Communications of their own, over REST too."""

	def setUp(self):
		super().setUp()
		as_("Administrator")
		frappe.get_doc("User", self.ben).add_roles("Inbox User")
		self.other = make_opportunity(opportunity_owner=self.anna)

	def assertMovesNothing(self, refusal: type[Exception], target):
		before = frappe.db.get_value("Opportunity", self.other.name, FACTS)
		as_(self.ben)
		for medium in ("Email", "Phone"):
			with self.subTest(medium), self.assertRefused(refusal):
				make_mail(
					target,
					"Received",
					communication_medium=medium,
					reference_doctype=target.doctype,
				)
		self.assertEqual(frappe.db.get_value("Opportunity", self.other.name, FACTS), before)

	def test_on_what_they_only_read(self):
		frappe.share.add("Opportunity", self.other.name, self.ben, read=1)
		self.assertMovesNothing(frappe.PermissionError, self.other)

	def test_on_what_is_hidden(self):
		self.assertMovesNothing(frappe.LinkValidationError, self.other)

	def test_on_a_quotation_for_one_that_they_may_not_change(self):
		items = [{"item_name": "A", "qty": 1, "rate": 5, "opportunity": self.other.name}]
		quotation = make_quotation(make_party_opportunity(opportunity_owner=self.ben), items=items)
		frappe.db.set_value("Quotation", quotation.name, "owner", self.ben)
		self.assertMovesNothing(QuotationOfOthers, quotation)

	def test_on_their_own(self):
		as_(self.ben)
		own = make_opportunity(opportunity_owner=self.ben)
		make_mail(own, "Received")
		self.assertEqual(own.reload().contacted_in, 1)
