"""The page on which suppliers answer, as a guest reaches it."""

import re
from unittest.mock import patch

import frappe
from frappe.utils import today

from crm_pipeline.api.supplier_requests import cancel_request
from crm_pipeline.quoting.request_links import link_to_answer
from crm_pipeline.tests.factories import in_days, make_user
from crm_pipeline.tests.requesting import PDF, PageCase, RequestCase, make_reachable_supplier, query_of


class TestShowing(PageCase):
	def test_a_guest_sees_what_is_asked_for_and_no_price(self):
		page = self.page()
		for text in ("Crane", "Lifts 6 t", "Cable", "10.5", self.asked.name):
			self.assertIn(text, page)
		self.assertNotTold(page, "777", "888", self.supplier.name)
		for secret in (self.opportunity.name, self.opportunity.title):
			self.assertNotIn(secret, page)

	def test_rates_that_the_buyer_typed_in_are_not_shown(self):
		self.asked.items[0].rate = 4321
		self.asked.save()
		self.assertNotTold(self.page(), "4321")

	def test_opening_it_is_noted_once_and_disturbs_nobody(self):
		self.page()
		opened = self.stored()
		self.assertEqual((opened.request_status, opened.modified), ("Opened", self.asked.modified))
		with self.at(in_days(1) + " 12:00:00"):
			self.page()
		self.assertEqual(self.stored().opened_on, opened.opened_on)
		self.asked.valid_till = in_days(5)
		self.asked.save()  # as the buyer read it before
		self.assertEqual(self.stored().request_status, "Opened")

	def test_it_allows_nothing_inline_and_is_kept_nowhere(self):
		response = self.visit()
		self.assertEqual(response.status_code, 200)
		policy = response.headers["Content-Security-Policy"]
		for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"):
			self.assertIn(rule, policy)
		self.assertNotIn("unsafe", policy)
		self.assertEqual(response.headers["Cache-Control"], "no-store")
		self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
		html = response.get_data(as_text=True)
		for script in re.findall(r"<script[^>]*>.*?</script>", html, re.DOTALL):
			self.assertRegex(script, r'^<script type="module" src="/assets/[^"]+"></script>$')
		self.assertNotRegex(html, r"<style|\sstyle=|\son\w+=|javascript:")

	def test_what_people_typed_is_text(self):
		self.answer("5", note='<b>"x"</b> & \'y\' & "</textarea><script>')
		page = self.page()
		self.assertNotIn("<b>", page)
		self.assertNotIn("</textarea><script>", page)

	def test_it_speaks_the_suppliers_language_from_either_side(self):
		for language, direction in (("de", "ltr"), ("ar", "rtl"), ("en", "ltr")):
			with self.subTest(language):
				frappe.db.set_value("Supplier", self.supplier.name, "correspondence_language", language)
				self.assertIn(f'<html lang="{language}" dir="{direction}">', self.page())


class TestAnswering(PageCase):
	def test_rates_lead_times_validity_and_note_are_written_into_the_draft(self):
		first, second = self.asked.items
		response = self.answer(
			("50.25", "14", "10"), ("1,234.5", "", ""), valid_till=in_days(30), note="Ex works"
		)
		self.assertEqual(response.status_code, 303)
		self.assertTrue(response.headers["Location"].endswith(self.link["signature"]))
		stored = self.stored()
		self.assertEqual((stored.docstatus, stored.request_status), (0, "Answered"))
		self.assertEqual(
			[(row.rate, row.lead_time_days, row.minimum_qty, row.amount) for row in stored.items],
			[(50.25, 14, 10, 100.5), (1234.5, 0, 0, 12962.25)],
		)
		self.assertEqual((stored.net_total, str(stored.valid_till)), (13062.75, in_days(30)))
		self.assertEqual((stored.supplier_note, str(stored.answered_on)[:10]), ("Ex works", today()))
		self.assertEqual([row.name for row in stored.items], [first.name, second.name])
		self.assertEqual(stored.submit().request_status, "Answered")

	def test_the_buyer_is_notified_and_the_timeline_says_so(self):
		buyer = make_user("Purchase User")
		frappe.db.set_value("Supplier Quotation", self.asked.name, "owner", buyer)
		self.answer("50")
		(note,) = self.notes(self.asked)
		self.assertEqual(note.for_user, buyer)
		self.assertIn("answered", note.subject)
		self.assertIn("1 of 2 items", self.comments(self.asked)[-1])

	def test_a_second_answer_replaces_the_first_until_it_is_submitted(self):
		self.answer("50", "60", note="First")
		self.answer("45", "", note="Second")
		stored = self.stored()
		self.assertEqual([row.rate for row in stored.items], [45, 0])
		self.assertEqual(stored.supplier_note, "Second")
		self.assertIn("corrected", self.comments(self.asked)[-1])
		stored.submit()
		response = self.answer("1")
		self.assertEqual(response.status_code, 417)
		self.assertIn("settled", response.get_data(as_text=True))
		self.assertEqual(self.stored().items[0].rate, 45)
		self.assertNotIn("<form", self.page())

	def test_what_changes_nothing_disturbs_nobody(self):
		sent = {"valid_till": in_days(30), "note": "Ex works\n& <b>more</b>"}
		for _time in range(2):
			self.answer(("50.25", "14", "1.5"), "1,234.57", **sent)
		self.assertEqual((len(self.notes(self.asked)), len(self.comments(self.asked))), (1, 2))
		for changed in ({"note": "Delivered"}, {"note": "Delivered", "valid_till": in_days(31)}):
			self.answer(("50.25", "14", "1.5"), "1,234.57", **{**sent, **changed})
		self.answer(("50.25", "14", "1.6"), "1,234.57", **{**sent, **changed})
		self.assertEqual((len(self.notes(self.asked)), len(self.comments(self.asked))), (4, 5))

	def test_a_file_alone_is_told_of(self):
		self.answer("50")
		self.answer("50", file=("offer.pdf", PDF))
		filters = {"attached_to_doctype": "Supplier Quotation", "attached_to_name": self.asked.name}
		for name in frappe.get_all("File", filters, pluck="name"):
			self.addCleanup(frappe.delete_doc, "File", name)
		self.assertEqual(len(self.notes(self.asked)), 2)

	def test_what_was_answered_is_shown_for_correction(self):
		self.answer(("1050.5", "7", "2"), note="Ex works")
		page = self.page()
		for text in ('value="1050.50"', 'value="7"', "Ex works", "2,101.00"):
			self.assertIn(text, page)

	def test_numbers_are_read_as_the_suppliers_people_write_them(self):
		frappe.db.set_value("Supplier", self.supplier.name, "correspondence_language", "de")
		self.answer("1.234,50", "12,75")
		self.assertEqual([row.rate for row in self.stored().items], [1234.5, 12.75])
		self.assertIn('value="1234,50"', self.page())
		frappe.db.set_value("Supplier", self.supplier.name, "correspondence_language", "ar")
		self.answer("١٢٫٥", "3")
		self.assertEqual([row.rate for row in self.stored().items], [12.5, 3])

	def test_what_has_two_readings_or_none_is_refused_and_kept_for_correction(self):
		frappe.db.set_value("Supplier", self.supplier.name, "correspondence_language", "de")
		for typed in ("1.234", "1,234", "abc", "1e999", "NaN", "-5", "99999999999999"):
			with self.subTest(typed):
				response = self.answer(typed, "60", note="Kept")
				page = response.get_data(as_text=True)
				self.assertEqual(response.status_code, 417)
				for text in (f'value="{typed}"', 'value="60"', "Kept", 'aria-invalid="true"', "Crane: "):
					self.assertIn(text, page)
				stored = self.stored()
				self.assertEqual((stored.request_status, stored.net_total), ("Asked", 0))

	def test_other_input_that_is_refused(self):
		for form in (
			{},
			{"rate": "0"},
			{"rate": "5", "lead": "1.5"},
			{"rate": "5", "lead": "-1"},
			{"rate": "5", "valid_till": "2031-02-30"},
			{"rate": "5", "valid_till": in_days(-1)},
			{"rate": "5", "note": "x" * 2001},
		):
			with self.subTest(form):
				offer = (form.get("rate", ""), form.get("lead", ""))
				rest = {key: value for key, value in form.items() if key not in ("rate", "lead")}
				response = self.answer(offer, **rest)
				self.assertEqual(response.status_code, 417)
				self.assertIn('role="alert"', response.get_data(as_text=True))
				self.assertEqual((self.stored().request_status, self.comments(self.asked)[1:]), ("Asked", []))

	def test_what_is_wrong_is_told_as_it_was_typed(self):
		typed = "<b>x</b> & y"
		for form, place in (({"valid_till": typed}, "rate"), ({}, "lead_time_days")):
			with self.subTest(place):
				offer = ("5",) if form else ("5", typed)
				page = self.answer(offer, **form).get_data(as_text=True)
				(told,) = re.findall(
					r"<li>([^<]*)</li>", page.partition('role="alert"')[2].partition("</ul>")[0]
				)
				self.assertIn("&lt;b&gt;x&lt;/b&gt; &amp; y", told)
				self.assertNotIn("&amp;lt;", page)

	def test_nothing_but_its_rows_is_written(self):
		other = self.request(make_reachable_supplier())
		self.answer(
			"5",
			supplier="Another",
			opportunity="",
			owner="Guest",
			docstatus="1",
			currency="EUR",
			name=other.name,
			**{f"rate_{other.items[0].name}": "9", f"amount_{self.asked.items[0].name}": "9"},
		)
		stored, other = self.stored(), other.reload()
		self.assertEqual((stored.supplier, stored.currency, stored.docstatus), (self.supplier.name, "USD", 0))
		self.assertEqual((stored.owner, stored.opportunity), (self.asked.owner, self.opportunity.name))
		self.assertEqual((other.request_status, other.items[0].rate), ("Asked", 0))

	def test_a_failure_in_between_leaves_nothing(self):
		with patch("crm_pipeline.quoting.request_files.attach", side_effect=RuntimeError("disk full")):
			self.answer("5", file=("offer.pdf", PDF))
		self.assertEqual((self.stored().request_status, self.comments(self.asked)[1:]), ("Asked", []))


class TestDeclining(PageCase):
	def decline(self, reason: str = "Too busy"):
		return self.visit("POST", action="decline", reason=reason)

	def test_the_reason_is_kept_and_told(self):
		self.assertEqual(self.decline("No <b>steel</b>").status_code, 303)
		stored = self.stored()
		self.assertEqual(stored.request_status, "Declined")
		self.assertIn("steel", stored.decline_reason)
		(note,) = self.notes(self.asked)
		self.assertIn("declined", note.subject)
		self.assertIn("steel", self.comments(self.asked)[-1])

	def test_twice_in_the_same_words_it_is_told_once(self):
		for reason in ("Busy & <b>late</b>", "Busy & <b>late</b>", "Ill"):
			self.decline(reason)
		self.assertEqual((len(self.notes(self.asked)), len(self.comments(self.asked))), (2, 3))

	def test_without_a_reason_it_is_refused(self):
		self.assertEqual(self.decline(" ").status_code, 417)
		self.assertEqual(self.stored().request_status, "Asked")

	def test_they_may_answer_after_all(self):
		self.decline()
		self.answer("5")
		stored = self.stored()
		self.assertEqual((stored.request_status, stored.decline_reason), ("Answered", None))


class TestRefusing(PageCase):
	def assertTellsNothing(self, response, status: int = 403):
		page = response.get_data(as_text=True)
		self.assertEqual(response.status_code, status)
		for text in (self.asked.name, "Crane", "<form"):
			self.assertNotIn(text, page)
		return page

	def test_every_link_that_was_not_made_here_is_told_the_same(self):
		other = self.request(make_reachable_supplier())
		theirs = query_of(link_to_answer(other))
		pages = {
			self.assertTellsNothing(self.visit(method, link=link))
			for method in ("GET", "POST")
			for link in (
				{},
				{"name": self.asked.name},
				{**self.link, "name": other.name},
				{**self.link, "signature": theirs["signature"]},
				{**self.link, "expires": "2099-12-31"},
				{**self.link, "name": "PUR-SQTN-2031-00077"},
			)
		}
		self.assertEqual(len(pages), 1)
		self.assertEqual(self.stored().request_status, "Asked")

	def test_an_expired_one_says_so(self):
		with self.at(f"{self.link['expires']} 12:00:00"):
			self.assertEqual(self.visit().status_code, 200)
		with self.at("2099-01-01 12:00:00"):
			for method in ("GET", "POST"):
				self.assertIn("expired", self.assertTellsNothing(self.visit(method)))

	def test_a_withdrawn_one_is_as_unknown_as_any(self):
		cancel_request(self.asked.name)
		self.assertIn("not valid", self.assertTellsNothing(self.visit("POST")))

	def test_a_thousand_times_a_minute_is_too_often(self):
		with patch("crm_pipeline.www.supplier_request.visit", side_effect=frappe.RateLimitExceededError):
			self.assertIn("Too many visits", self.assertTellsNothing(self.visit(), 429))

	def test_one_request_is_not_answered_without_end(self):
		with patch("crm_pipeline.www.supplier_request.ANSWERS", 2):
			statuses = [self.answer(rate, cmd=rate, name=rate).status_code for rate in ("5", "x", "7")]
			self.assertEqual(statuses, [303, 417, 429])
			response = self.visit("POST", action="decline", reason="Kept")
			self.assertEqual(response.status_code, 429)
			for text in ("Too many answers", "Kept"):
				self.assertIn(text, response.get_data(as_text=True))
			self.assertEqual(self.visit().status_code, 200)
		self.assertEqual((self.stored().items[0].rate, self.stored().request_status), (5, "Answered"))


class TestMeanwhile(PageCase):
	def test_a_disabled_supplier_finds_it_withdrawn(self):
		frappe.db.set_value("Supplier", self.supplier.name, "disabled", 1)
		self.assertNotIn("<form", self.page())
		self.assertEqual(self.answer("5").status_code, 417)
		self.assertEqual(self.stored().items[0].rate, 0)

	def test_a_merged_supplier_answers_as_the_one_that_is_left(self):
		left = make_reachable_supplier().name
		frappe.rename_doc("Supplier", self.supplier.name, left, merge=True, force=True)
		self.answer("5")
		stored = self.stored()
		self.assertEqual((stored.supplier, stored.request_status), (left, "Answered"))

	def test_an_opportunity_that_has_ended_asks_for_nothing_but_keeps_what_comes(self):
		self.opportunity.reload().declare_lost(["Price"])
		self.assertNotIn("<form", self.page())
		self.answer("5")
		self.assertEqual(self.stored().items[0].rate, 5)
		self.assertIn("not in play any more", self.notes(self.asked)[-1].subject)

	def test_a_row_that_is_gone_from_the_opportunity_is_told_of(self):
		self.opportunity.reload()
		self.opportunity.set("items", self.opportunity.items[1:])
		self.opportunity.save()
		self.answer("5", "6")
		self.assertEqual([row.rate for row in self.stored().items], [5, 6])
		self.assertIn("no longer on the opportunity", self.notes(self.asked)[-1].subject)

	def test_a_disabled_item_stops_no_answer(self):
		item = frappe.get_doc({"doctype": "Item", "item_code": frappe.generate_hash(length=8)}).insert()
		self.asked.append("items", {"item_code": item.name, "qty": 1, "rate": 0})
		self.asked.save()
		item.update({"disabled": 1})
		item.save()
		self.answer("1", "2", "3", request=self.stored())
		self.assertEqual(self.stored().net_total, 2 + 21 + 3)

	def test_another_supplier_neither_sees_nor_keeps_the_former_ones_answer(self):
		self.answer(
			("50.25", "7", "3"), "60", valid_till=in_days(9), note="Ex works", file=("theirs.pdf", PDF)
		)
		self.addCleanup(self.forget_files)
		request = self.stored()
		request.supplier = make_reachable_supplier().name
		request.items[1].rate = 70  # which the new one has told by telephone
		request.save()
		request.reload()
		self.assertEqual((request.request_status, request.supplier_note), ("Asked", None))
		self.assertEqual((request.answered_on, request.opened_on, request.valid_till), (None, None, None))
		self.assertEqual(
			[(row.rate, row.lead_time_days, row.minimum_qty) for row in request.items],
			[(0, 0, 0), (70, 0, 0)],
		)
		self.assertEqual(self.visit().status_code, 403)
		self.link = query_of(link_to_answer(request))
		page = self.page()
		for text in ("50.25", "Ex works", "theirs"):
			self.assertNotIn(text, page)

	def forget_files(self):
		filters = {"attached_to_doctype": "Supplier Quotation", "attached_to_name": self.asked.name}
		for name in frappe.get_all("File", filters, pluck="name"):
			frappe.delete_doc("File", name)


class TestBuyer(RequestCase):
	def test_if_the_buyer_has_left_the_owner_of_the_opportunity_is_notified(self):
		from crm_pipeline.quoting import request_answers

		buyer, owner = make_user("Purchase User"), make_user("Sales User")
		frappe.db.set_value("Opportunity", self.opportunity.name, "opportunity_owner", owner)
		request = self.request()
		frappe.db.set_value("Supplier Quotation", request.name, "owner", buyer)
		frappe.db.set_value("User", buyer, "enabled", 0)
		request_answers.decline(request.name, "Busy")
		self.assertEqual([note.for_user for note in self.notes(request)], [owner])
