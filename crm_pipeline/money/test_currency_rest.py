"""The rate of a currency over REST, where it is and where it was before."""

import frappe

from crm_pipeline.tests.factories import make_exchange_rate
from crm_pipeline.tests.rest import RestTestCase


class TestRates(RestTestCase):
	def test_the_rate_alone_answers_under_its_old_name_too(self):
		base = frappe.db.get_single_value("Selling Settings", "base_currency")
		self.keep(make_exchange_rate("ISK", base, 0.5, "2001-01-01"))
		for path in ("api.currency", "controllers.currencies"):
			with self.subTest(path):
				answer = self.api.get(
					f"/api/method/crm_pipeline.{path}.get_conversion_rate", currency="ISK", day="2001-01-02"
				)
				self.assertEqual((answer.status_code, answer.json["message"]), (200, 0.5))
		answer = self.api.get(
			"/api/method/crm_pipeline.api.currency.get_rate", currency="ISK", day="2001-01-02"
		)
		self.assertEqual(answer.json["message"], {"conversion_rate": 0.5, "inverse_rate": 0})
