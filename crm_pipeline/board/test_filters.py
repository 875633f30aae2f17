"""What narrows the board, its sums and the list."""

import frappe
from frappe.desk.search import search_link
from frappe.utils import getdate

from crm_pipeline.api.my_day import get_my_day
from crm_pipeline.api.pipeline import changes_since, get_board, get_cards, get_list
from crm_pipeline.board.filters import has_team
from crm_pipeline.exceptions import UnreadableFilters
from crm_pipeline.rules import view_filters
from crm_pipeline.tests.boards import BoardCase, hence, keep_tags, tag
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_customer,
	make_exchange_rate,
	make_lost_reason,
	make_team,
	make_user,
	unique,
)


def changed(opportunity, **moments: str):
	"""Let these be the only moments at which something happened with an opportunity."""
	values = {"last_change_on": None, "last_contacted_on": None, "last_response_on": None, **moments}
	frappe.db.set_value("Opportunity", opportunity.name, values, update_modified=False)
	return opportunity


class TestPeople(BoardCase):
	def test_mine_is_what_i_own_contact_next_or_am_assigned(self):
		anna, ben = make_user("Sales User"), make_user("Sales User")
		owned = self.opportunity(opportunity_owner=anna)
		contacted = self.opportunity(
			opportunity_owner=ben, next_contact_by=anna, next_contact_date=hence(days=2)
		)
		assigned, done = (self.opportunity(opportunity_owner=ben) for _number in range(2))
		for opportunity, state in ((assigned, "Open"), (done, "Closed")):
			make(
				"ToDo",
				reference_type="Opportunity",
				reference_name=opportunity.name,
				allocated_to=anna,
				description="Help",
				status=state,
			)
		frappe.db.set_value("Opportunity", assigned.name, "opportunity_owner", ben)
		theirs = self.opportunity(opportunity_owner=ben)
		self.assertLeft(owned, contacted, assigned, scope=f"user:{anna}")
		frappe.set_user(anna)
		self.assertLeft(owned, contacted, assigned, scope="mine")
		self.assertLeft(owned, contacted, assigned, done, theirs, scope="all")
		self.assertLeft(owned, contacted, assigned, done, theirs)

	def test_a_user_who_does_not_exist_has_nothing(self):
		self.opportunity()
		self.assertLeft(scope="user:nobody@example.com")

	def test_managers_begin_with_everything_and_salespeople_with_their_own(self):
		for roles, scope in (
			(("Sales User",), "mine"),
			(("Sales User", "Sales Manager"), "all"),
			(("Sales Manager",), "all"),
			(("Purchase User",), "all"),
		):
			with self.subTest(roles), self.as_user(*roles):
				self.assertEqual(self.board()["default_scope"], scope)

	def test_a_team_is_what_one_of_its_people_owns_contacts_next_or_is_assigned(self):
		lead, anna, ben, other = (make_user("Sales User") for _number in range(4))
		make_team(ben, manager=anna, parent_team=make_team(manager=lead).name)
		of_lead, of_anna, of_ben, assigned, theirs = (
			self.opportunity(opportunity_owner=user) for user in (lead, anna, ben, other, other)
		)
		contacted = self.opportunity(
			opportunity_owner=other, next_contact_by=ben, next_contact_date=hence(days=2)
		)
		about = {"reference_type": "Opportunity", "reference_name": assigned.name}
		make("ToDo", allocated_to=ben, description="Help", **about)
		frappe.db.set_value("Opportunity", assigned.name, "opportunity_owner", other)
		for user, left in (
			(lead, (of_lead, of_anna, of_ben, assigned, contacted)),
			(anna, (of_anna, of_ben, assigned, contacted)),
			(ben, (of_ben, assigned, contacted)),  # who leads nobody is alone
			(other, (assigned, contacted, theirs)),
		):
			with self.subTest(user):
				frappe.set_user(user)
				self.assertLeft(*left, scope="team")
		frappe.set_user(lead)
		day = get_my_day("team")
		rows = {row["name"] for section in day["sections"] for row in section["rows"]}
		self.assertEqual(rows, {each.name for each in (of_lead, of_anna, of_ben, assigned)})

	def test_who_leads_a_team_and_manages_begins_with_it(self):
		for roles, scope in (
			(("Sales User",), "mine"),
			(("Sales User", "Sales Manager"), "team"),
			(("Sales Manager",), "team"),
		):
			with self.subTest(roles), self.as_user(*roles) as user:
				frappe.set_user("Administrator")
				team = make_team(manager=user)
				frappe.set_user(user)
				self.assertEqual(self.board()["default_scope"], scope)
				self.assertTrue(has_team())
				frappe.set_user("Administrator")
				team.update({"manager": None}).save()
				frappe.set_user(user)
				self.assertEqual(self.board()["default_scope"], scope if scope == "mine" else "all")
				self.assertFalse(has_team())

	def test_owners(self):
		anna, ben = make_user("Sales User"), make_user("Sales User")
		of_anna, of_ben = self.opportunity(opportunity_owner=anna), self.opportunity(opportunity_owner=ben)
		self.opportunity(opportunity_owner=make_user("Sales User"))
		self.assertLeft(of_anna, owner=[anna])
		self.assertLeft(of_anna, of_ben, owner=[anna, ben])


class TestValues(BoardCase):
	def test_source_and_type(self):
		source, other = (
			make("Lead Source", source_name=unique("Source")).name,
			make("Lead Source", source_name=unique("Source")).name,
		)
		kind = make("Opportunity Type", type_name=unique("Type")).name
		both, one = (
			self.opportunity(source=source, opportunity_type=kind),
			self.opportunity(source=source),
		)
		self.opportunity(source=other)
		self.assertLeft(both, one, source=[source])
		self.assertLeft(both, source=[source], type=[kind])
		self.assertLeft(source=[other], type=[kind])

	def test_value_in_base_currency_bounds_included(self):
		base = self.board()["currency"]
		foreign = "CHF" if base != "CHF" else "EUR"
		make_exchange_rate(foreign, base, 1.5, in_days(-1))
		low, high = self.opportunity(0), self.opportunity(999_999_999_999)
		middle = self.opportunity(200, currency=foreign)
		self.assertLeft(middle, high, value=[300, None])
		self.assertLeft(low, middle, value=[None, 300])
		self.assertLeft(middle, value=[300, 300])
		self.assertLeft(high, value=[300.01, 999_999_999_999])
		self.assertLeft(low, value=[-5, 0])
		with self.assertRefused(UnreadableFilters, "above the greatest"):
			self.names(value=[500, 1])

	def test_tags_as_frappe_16_keeps_them(self):
		first, last, other = (self.opportunity() for _number in range(3))
		for opportunity, text in ((first, "Hot,Big"), (last, "Fair,Hot"), (other, "Hotel")):
			keep_tags(opportunity, text)
		self.assertLeft(first, last, tag=["Hot"])

	def test_tags_are_whole(self):
		hot, hotel, both = (self.opportunity() for _number in range(3))
		tag(hot, "Hot")
		tag(hotel, "Hotel", "100%_!")
		tag(both, "Fair", "Hot", "Big")
		self.assertLeft(hot, both, tag=["Hot"])
		self.assertLeft(hotel, tag=["100%_!"])
		self.assertLeft(tag=["100__!"])
		self.assertLeft(hot, both, hotel, tag=["Hot", "Hotel"])
		self.assertLeft(tag=["Ho"])
		cards = {card.name: card.tags for card in self.board()["stages"][0]["cards"]}
		self.assertEqual(cards[both.name], ["Fair", "Hot", "Big"])
		self.assertEqual(cards[hot.name], ["Hot"])

	def test_closing(self):
		with self.at("2031-05-15 10:00:00"):
			dates = {
				each: self.opportunity(expected_closing=each)
				for each in (
					"2031-05-14",
					"2031-05-15",
					"2031-05-31",
					"2031-06-01",
					"2031-06-30",
					"2031-07-01",
				)
			}
			undated = self.opportunity()
			past, today, month, following, quarter, _later = dates.values()
			self.assertLeft(past, closing="overdue")
			self.assertLeft(past, today, month, closing="this_month")
			self.assertLeft(following, quarter, closing="next_month")
			self.assertLeft(past, today, month, following, quarter, closing="this_quarter")
			self.assertLeft(undated, closing="none")

	def test_changed(self):
		with self.at("2031-05-15 10:00:00"):
			moments = (
				"2031-05-07 23:59:59",
				"2031-05-08 00:00:00",
				"2031-05-13 23:59:59",
				"2031-05-14 00:00:00",
			)
			old, week, before, yesterday = (
				changed(self.opportunity(), last_change_on=moment) for moment in moments
			)
			said = changed(self.opportunity(), last_response_on="2031-05-15 09:00:00")
			called = changed(self.opportunity(), last_contacted_on="2031-05-14 09:00:00")
			self.assertLeft(yesterday, said, called, changed="yesterday")
			self.assertLeft(week, before, yesterday, said, called, changed="last_week")
			self.assertLeft(old, week, before, yesterday, said, called)
		with self.assertRefused(UnreadableFilters):
			self.names(changed="ever")

	def test_weeks_begin_as_the_site_has_it(self):
		self.addCleanup(frappe.clear_cache)
		with self.at("2031-05-15 10:00:00"):  # a Thursday
			sunday, monday, next_sunday = (
				self.opportunity(expected_closing=f"2031-05-{day}") for day in (11, 12, 18)
			)
			for begins, left in (("Monday", (monday, next_sunday)), ("Sunday", (sunday, monday)), ("", None)):
				frappe.db.set_single_value("System Settings", "first_day_of_the_week", begins)
				frappe.db.set_default(
					"first_day_of_the_week", begins
				)  # as saving the settings does; 16 looks there
				frappe.clear_cache()
				self.assertLeft(*(left or (sunday, monday)), closing="this_week")

	def test_a_won_one_is_no_longer_overdue(self):
		won = self.opportunity(transaction_date=in_days(-9), expected_closing=in_days(-3))
		won.mark_won(closed_on=in_days(-2))
		counts = {stage["stage"]: stage["count"] for stage in self.board(closing="overdue")["stages"]}
		self.assertEqual(counts[self.won], 0)
		self.assertEqual({s["stage"]: s["count"] for s in self.board()["stages"]}[self.won], 1)

	def test_won_and_lost_are_narrowed_too(self):
		anna = make_user("Sales User")
		self.opportunity(opportunity_owner=anna).declare_lost([make_lost_reason().name])
		self.opportunity().declare_lost([make_lost_reason().name])
		counts = {s["stage"]: s["count"] for s in self.board(owner=[anna])["stages"]}
		self.assertEqual(counts[self.lost], 1)
		self.assertEqual(len(get_cards(self.process.name, self.lost, filters={"owner": [anna]})["cards"]), 1)


class TestText(BoardCase):
	def test_every_word_somewhere(self):
		customer = make_customer(customer_name=unique("Nordlicht"))
		found = self.opportunity(
			title="New roof for the hall", opportunity_from="Customer", party_name=customer.name
		)
		mailed = self.opportunity(title="Windows", contact_email="eva@nordlicht.example")
		called = self.opportunity(title="Doors", contact_mobile="+49 151 555 0001")
		self.assertLeft(found, mailed, text="nordlicht")
		self.assertLeft(found, text="  ROOF   nordlicht ")
		self.assertLeft(text="roof windows")
		self.assertLeft(called, text="555 0001")
		self.assertLeft(found, text=found.name.lower())

	def test_wildcards_mean_themselves(self):
		percent, underscore, bang, backslash = (
			self.opportunity(title=title) for title in ("5% off", "a_b", "Now!", "c:\\temp")
		)
		self.assertLeft(percent, text="%")
		self.assertLeft(underscore, text="_")
		self.assertLeft(bang, text="!")
		self.assertLeft(backslash, text=":\\t")
		self.assertLeft(text="5_ off")
		self.assertLeft(text="'; drop table")

	def test_letters_of_many_alphabets(self):
		titles = (
			"Straße",
			"Søren",
			"Łódź",
			"Isparta ısı",
			"Ａｃｍｅ",
			"Müller",
			"ÉCOLE",
			"株式会社",
			"שלום",
			"Ἀθῆναι",
		)
		made = {title: self.opportunity(title=title) for title in titles}
		for title, opportunity in made.items():
			with self.subTest(title):
				self.assertIn(opportunity.name, self.names(text=title))
		for typed, title in (
			("straße", "Straße"),
			("søren", "Søren"),
			("łódź", "Łódź"),
			("müller", "Müller"),
			("école", "ÉCOLE"),
			("École", "ÉCOLE"),
		):
			with self.subTest(typed):
				self.assertIn(made[title].name, self.names(text=typed))

	def test_what_desk_finds_is_found(self):
		titles = (
			"Straße",
			"strasse",
			"Søren",
			"soren",
			"Łódź",
			"ısı",
			"isi",
			"İzmir",
			"Ａｃｍｅ",
			"acme",
			"MÜLLER",
		)
		mark = frappe.generate_hash(length=6)
		made = {self.opportunity(title=f"{title} {mark}").name for title in titles}
		for typed in (*titles, "muller", "müller", "lodz", "izmir", "ACME"):
			for_desk = {row["value"] for row in search_link("Opportunity", f"{typed} {mark}")}
			with self.subTest(typed):
				self.assertLessEqual(for_desk & made, self.names(text=f"{typed} {mark}"))


class TestContradictions(BoardCase):
	def test_nothing_is_left_and_nothing_breaks(self):
		self.opportunity(next_contact_date=hence(hours=-1))
		for filters in (
			{"state": "no_step", "closing": "none", "value": [9, 10]},
			{"state": "overdue", "owner": ["nobody"]},
			{"scope": "mine", "owner": ["x"], "tag": ["y"], "source": ["z"], "type": ["w"], "text": "q"},
		):
			self.assertLeft(**filters)
			board = self.board(**filters)
			self.assertEqual(board["totals"], {"count": 0, "amount": 0, "weighted": 0})
			self.assertEqual([stage["count"] for stage in board["stages"]], [0, 0, 0, 0])

	def test_what_is_no_filter_is_refused_everywhere(self):
		asks = (
			lambda sent: get_board(self.process.name, filters=sent),
			lambda sent: get_cards(self.process.name, self.first, filters=sent),
			lambda sent: get_list(sent, self.process.name),
			lambda sent: changes_since(hence(), self.process.name, sent),
		)
		for sent in ("{", "[]", "7", '{"stage": "x"}', '{"value": [NaN, 1]}', {"owner": "x"}, "[" * 100_000):
			for ask in asks:
				with self.assertRefused(UnreadableFilters, "JSON object"):
					ask(sent)
		with self.assertRefused(UnreadableFilters):
			get_my_day("theirs")

	def test_no_filters(self):
		opportunity = self.opportunity()
		for sent in (None, "", "{}", {}, "null"):
			rows = get_list(sent, self.process.name)["rows"]
			self.assertEqual([row.name for row in rows], [opportunity.name])


class TestOwnDay(BoardCase):
	def test_yesterday_begins_by_the_users_clock(self):
		with self.at("2031-01-10 23:30:00"), self.as_user("Sales User") as user:
			opportunity = changed(self.opportunity(), last_change_on="2031-01-09 00:30:00")
			self.assertLeft(opportunity, changed="yesterday")
			frappe.db.set_value("User", user, "time_zone", "Pacific/Kiritimati")  # it is the 11th there
			self.assertLeft(changed="yesterday")

	def test_closing_days_are_those_of_the_users_clock(self):
		with self.at("2031-01-10 23:30:00"), self.as_user("Sales User") as user:
			frappe.db.set_value("User", user, "time_zone", "Pacific/Kiritimati")  # it is the 11th there
			opportunity = self.opportunity(expected_closing="2031-01-10")
			self.assertLeft(opportunity, closing="overdue")
			frappe.db.set_value("User", user, "time_zone", "Pacific/Pago_Pago")
			self.assertLeft(closing="overdue")

	def test_the_rule_and_the_criterion_mean_the_same_days(self):
		with self.at("2031-05-15 10:00:00"):
			days = ["2031-04-01", "2031-05-14", "2031-05-15", "2031-05-31", "2031-06-01", "2031-06-30"]
			made = {day: self.opportunity(expected_closing=day).name for day in days}
			for closing in set(view_filters.CLOSINGS) - {"this_week", "none"}:
				first, last = view_filters.closing_span(closing, getdate(), getdate())
				meant = {
					name
					for day, name in made.items()
					if (not first or getdate(day) >= first) and (not last or getdate(day) <= last)
				}
				self.assertEqual(self.names(closing=closing), meant)
