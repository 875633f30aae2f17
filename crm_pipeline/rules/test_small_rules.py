"""Silence, turns, time zones, responses and requirements, at their edges."""

from datetime import date, datetime, time
from unittest import TestCase

from crm_pipeline.rules import inactivity, requirements, response, rotation, time_zones, writing_direction
from crm_pipeline.rules.requirements import Facts, Requirement


class TestSilence(TestCase):
	def test_the_day_before_which_silence_must_have_begun(self):
		on = date(2026, 3, 15)
		self.assertEqual(inactivity.cutoff(on, 1), datetime(2026, 3, 15))
		self.assertEqual(inactivity.cutoff(on, 15), datetime(2026, 3, 1))

	def test_never(self):
		on = date(2026, 3, 15)
		for days in (0, -1, 10**7):
			self.assertIsNone(inactivity.cutoff(on, days))
		self.assertEqual(inactivity.cutoff(date(1, 1, 2), 1), datetime(1, 1, 2))
		self.assertIsNone(inactivity.cutoff(date(1, 1, 2), 2))

	def test_the_limit_and_the_count_agree(self):
		on, last = date(2026, 3, 15), datetime(2026, 3, 5, 23, 59, 59)
		self.assertEqual(inactivity.days_inactive(last, on), 10)
		self.assertTrue(last < inactivity.cutoff(on, 10))
		self.assertFalse(last < inactivity.cutoff(on, 11))


class TestWritingDirection(TestCase):
	def test_languages_and_their_countries(self):
		cases = {True: ("ar", "ar-EG", "fa_IR", "he", "ku", "yi"), False: ("en", "de-AT", "arn", "", None)}
		for expected, languages in cases.items():
			for language in languages:
				with self.subTest(language=language):
					self.assertIs(writing_direction.is_right_to_left(language), expected)


class TestSpread(TestCase):
	def test_average_median_and_nine_of_ten(self):
		for minutes, expected in (
			((7,), (7, 7, 7)),
			((3, 1), (2, 2, 3)),
			((9, 1, 2), (4, 2, 9)),
			(range(1, 11), (5.5, 5.5, 9)),
			(range(20, 0, -1), (10.5, 10.5, 18)),
			((0, 0, 1), (0.33, 0, 1)),
		):
			with self.subTest(minutes):
				self.assertEqual(response.spread(minutes), expected)


class TestTurns(TestCase):
	users = ("ada", "ben", "cyd")

	def test_one_after_the_other(self):
		followers = [rotation.next_in_turn(self.users, last) for last in ("ada", "ben", "cyd", "gone", None)]
		self.assertEqual(followers, ["ben", "cyd", "ada", "ada", "ada"])

	def test_the_fewest_assignments_and_the_first_of_several(self):
		self.assertEqual(rotation.least_loaded(self.users, {"ada": 2, "ben": 1, "cyd": 1}), "ben")
		self.assertEqual(rotation.least_loaded(self.users, {"ada": 1, "ben": 1}), "cyd")
		self.assertEqual(rotation.least_loaded(self.users, {"ada": 1, "ben": 1, "cyd": 1}), "ada")
		self.assertEqual(rotation.least_loaded(self.users, {"ada": 0}), "ada")

	def test_a_leaver_does_not_move_the_turn(self):
		self.assertEqual(rotation.last_after_removal(self.users, "ben", "ben"), "ada")
		self.assertEqual(rotation.last_after_removal(self.users, "ada", "ada"), "cyd")
		self.assertEqual(rotation.last_after_removal(self.users, "ben", "cyd"), "cyd")
		self.assertIsNone(rotation.last_after_removal(("ada",), "ada", "ada"))
		self.assertIsNone(rotation.last_after_removal(self.users, "ada", None))


class TestTimeZones(TestCase):
	noon = datetime(2026, 1, 15, 12)

	def test_what_a_person_s_clock_shows(self):
		self.assertEqual(
			time_zones.in_zone(self.noon, "Europe/Berlin", "America/New_York"), datetime(2026, 1, 15, 6)
		)
		for person in (None, "", "Europe/Berlin"):
			self.assertEqual(time_zones.in_zone(self.noon, "Europe/Berlin", person), self.noon)

	def test_the_end_of_a_person_s_day_in_the_site_s_time(self):
		end = datetime.combine(date(2026, 1, 15), time.max)
		self.assertEqual(time_zones.end_of_day(self.noon, "Asia/Tokyo", None), end)
		late = time_zones.end_of_day(self.noon, "Asia/Tokyo", "America/New_York")
		self.assertEqual(late, datetime.combine(date(2026, 1, 15), time(13, 59, 59, 999999)))

	def test_of_an_hour_passed_twice_the_first_is_meant(self):
		twice = datetime(2026, 10, 25, 2, 30)
		self.assertEqual(time_zones.in_zone(twice, "Europe/Berlin", "UTC"), datetime(2026, 10, 25, 0, 30))


class TestResponse(TestCase):
	early, late = datetime(2026, 1, 1, 9), datetime(2026, 1, 1, 9, 0, 20)

	def test_minutes(self):
		self.assertEqual(response.minutes_between(self.early, self.late), 0.33)
		self.assertEqual(response.minutes_between(self.early, datetime(2026, 1, 2, 9)), 1440)
		backwards = response.minutes_between(self.late, self.early)
		self.assertEqual((backwards, type(backwards)), (0, float))
		self.assertEqual(response.minutes_between(self.early, self.early), 0)

	def test_who_is_to_speak(self):
		self.assertEqual(response.waiting_for(None, None), "Nobody")
		self.assertEqual(response.waiting_for(None, self.early), "Us")
		self.assertEqual(response.waiting_for(self.early, None), "Them")
		self.assertEqual(response.waiting_for(self.early, self.late), "Us")
		self.assertEqual(response.waiting_for(self.late, self.early), "Them")
		self.assertEqual(response.waiting_for(self.early, self.early), "Them")


class TestRequirements(TestCase):
	today = date(2026, 3, 15)
	field, item = Requirement("Field", "territory"), Requirement("Item")
	contact, supplier = Requirement("Contact within Days", days=5), Requirement("Supplier Quotation")

	def missing(self, *asked: Requirement, **known) -> list[Requirement]:
		facts = Facts(
			**{"filled": (), "items": 0, "last_contact": None, "supplier_quotation": False, **known}
		)
		return requirements.missing(asked, facts, self.today)

	def test_nothing_is_known(self):
		every = [self.contact, self.field, self.supplier, self.item]
		self.assertEqual(self.missing(*every, self.field), every)

	def test_each_is_met_by_its_own_fact(self):
		self.assertEqual(self.missing(self.field, filled=["territory"]), [])
		self.assertEqual(self.missing(self.field, filled=["country"], items=1), [self.field])
		self.assertEqual(self.missing(self.item, items=1), [])
		self.assertEqual(self.missing(self.supplier, supplier_quotation=True), [])
		self.assertEqual(self.missing(self.supplier, items=1, last_contact=self.today), [self.supplier])

	def test_a_contact_counts_for_so_many_days(self):
		self.assertEqual(self.missing(self.contact, last_contact=date(2026, 3, 10)), [])
		self.assertEqual(self.missing(self.contact, last_contact=date(2026, 3, 9)), [self.contact])
		self.assertEqual(self.missing(self.contact, last_contact=date(2026, 3, 12)), [])
		today_only = Requirement("Contact within Days")
		self.assertEqual(self.missing(today_only, last_contact=self.today), [])
		self.assertEqual(self.missing(today_only, last_contact=date(2026, 3, 14)), [today_only])
