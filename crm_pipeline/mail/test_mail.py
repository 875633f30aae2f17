from frappe.utils import add_to_date, get_datetime

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_user,
)


class TestMail(TestCase):
	def test_our_first_mail_is_the_response(self):
		opportunity = make_opportunity()
		at = add_to_date(get_datetime(opportunity.creation), minutes=90, seconds=20)
		make_mail(opportunity, communication_date=at)
		opportunity.reload()
		self.assertEqual((opportunity.status, opportunity.waiting_for), ("Replied", "Them"))
		self.assertAlmostEqual(opportunity.mins_to_first_response, 90.33, 2)
		make_mail(opportunity, communication_date=add_to_date(at, hours=5))
		self.assertAlmostEqual(opportunity.reload().mins_to_first_response, 90.33, 2)
		self.assertEqual(
			opportunity.first_responded_on, at.replace(microsecond=opportunity.first_responded_on.microsecond)
		)

	def test_an_opportunity_entered_for_an_earlier_day_waited_since_then(self):
		opportunity = make_opportunity(transaction_date=in_days(-2))
		make_mail(opportunity, communication_date=f"{in_days(-1)} 06:00:00")
		self.assertEqual(opportunity.reload().mins_to_first_response, 30 * 60)

	def test_their_answer_opens_it_again(self):
		opportunity = make_opportunity()
		make_mail(opportunity)
		make_mail(opportunity, "Received")
		opportunity.reload()
		self.assertEqual((opportunity.status, opportunity.waiting_for), ("Open", "Us"))
		self.assertTrue(opportunity.last_response_on)

	def test_replied_by_hand_opens_too(self):
		"""frappe/erpnext 11139: set to Replied by hand, the customer answers, it stayed Replied."""
		opportunity = make_opportunity()
		opportunity.status = "Replied"
		opportunity.save()
		make_mail(opportunity, "Received")
		self.assertEqual(opportunity.reload().status, "Open")

	def test_paused_wakes_and_ended_stays(self):
		paused, lost, closed = make_opportunity(), make_opportunity(), make_opportunity()
		paused.pause(in_days(9))
		lost.declare_lost([make_lost_reason().name])
		closed.status = "Closed"
		closed.save()
		for opportunity, status in ((paused, "Open"), (lost, "Lost"), (closed, "Closed")):
			make_mail(opportunity, "Received")
			opportunity.reload()
			self.assertEqual((opportunity.status, opportunity.waiting_for), (status, "Us"))
		self.assertFalse(paused.paused_until)

	def test_a_standing_quotation_keeps_its_status_and_remembers_the_answer(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		make_mail(opportunity)
		self.assertEqual(opportunity.reload().status, "Quotation")
		quotation.cancel()
		self.assertEqual(opportunity.reload().status, "Replied")

	def test_automated_internal_and_other_messages_do_not_count(self):
		opportunity = make_opportunity()
		colleague = make_user("Sales User")
		make_mail(opportunity, recipients=colleague)
		make_mail(opportunity, communication_type="Automated Message")
		make_mail(opportunity, communication_medium="Phone")
		self.assertEqual((opportunity.reload().status, opportunity.first_responded_on), ("Open", None))

	def test_what_mails_wrote_no_save_rewrites(self):
		opportunity = make_opportunity()
		make_mail(opportunity)
		opportunity.reload()
		opportunity.update({"mins_to_first_response": 0.5, "waiting_for": "Nobody", "own_status": "Closed"})
		opportunity.save()
		opportunity.reload()
		self.assertEqual((opportunity.waiting_for, opportunity.own_status), ("Them", "Replied"))
		self.assertNotEqual(opportunity.mins_to_first_response, 0.5)
