"""Mails while a quotation stands: the status shown stays, what mails say comes to light once the quotation is gone."""

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_mail, make_party_opportunity, make_quotation


class TestMailUnderAQuotation(TestCase):
	def assertUnderQuotation(self, mails: list[str], expected: str, start: str = "Open"):
		opportunity = make_party_opportunity(status=start, transaction_date=in_days(-1))
		quotation = make_quotation(opportunity)
		for direction in mails:
			make_mail(opportunity, direction)
			self.assertEqual(opportunity.reload().status, "Quotation")
		self.assertEqual(opportunity.own_status, expected)
		quotation.cancel()
		self.assertEqual(opportunity.reload().status, expected)

	def test_theirs_is_open_once_it_is_cancelled(self):
		self.assertUnderQuotation(["Received"], "Open", start="Replied")

	def test_ours_is_replied(self):
		self.assertUnderQuotation(["Sent"], "Replied")

	def test_the_last_of_several_counts(self):
		self.assertUnderQuotation(["Sent", "Received"], "Open")
		self.assertUnderQuotation(["Received", "Sent"], "Replied", start="Replied")

	def test_without_any_it_is_what_it_was(self):
		for start in ("Open", "Replied"):
			self.assertUnderQuotation([], start, start)
