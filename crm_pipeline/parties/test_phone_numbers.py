"""Telephone numbers as people write them are kept where the app decides; contacts are core's."""

from frappe.exceptions import InvalidPhoneNumberError

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_lead, make_opportunity, unique

WRITTEN = ("030 / 123 45-67", "+49 (0) 30/1234567", "030 – 123 45 67", "030\u00a0123\u202f4567", "030 123456")


class TestPhoneNumbers(TestCase):
	def test_kept_as_written(self):
		for number in WRITTEN:
			with self.subTest(number):
				lead = make_lead(mobile_no=number, phone=number).reload()
				self.assertEqual((lead.mobile_no, lead.phone), (number, number))
				opportunity = make_opportunity(opportunity_from="Lead", party_name=lead.name).reload()
				self.assertEqual(opportunity.contact_mobile, number)

	def test_what_is_no_number_is_refused(self):
		for text in ("call me", "/ x", "<b>030</b>"):
			with self.subTest(text), self.assertRaises(InvalidPhoneNumberError):
				make_lead(mobile_no=text)

	def test_contacts_follow_core(self):
		"""As docs/administration.md says."""
		numbers = [{"phone": WRITTEN[0]}]
		with self.assertRaises(InvalidPhoneNumberError):
			make("Contact", first_name=unique("Contact"), phone_nos=numbers)
