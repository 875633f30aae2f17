"""The pipeline page and what it reads."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, get_system_timezone, now_datetime, set_request
from frappe.website.serve import get_response

from crm_pipeline.api.pipeline import get_board, get_cards
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_team,
	make_user,
)
from crm_pipeline.tests.mail import make_outgoing_account
from crm_pipeline.utils.desk import desk_form
from crm_pipeline.utils.session import in_language
from crm_pipeline.www.pipeline import FETCHED_LATER

PERIOD = 30


class PipelineCase(TestCase):
	def setUp(self):
		self.process = make_process(20, 50)
		self.first, self.second, self.won, self.lost = (row.sales_stage for row in self.process.stages)

	def opportunity(self, amount: float = 100, **fields):
		return make_opportunity(sales_process=self.process.name, opportunity_amount=amount, **fields)

	def board(self, **arguments) -> dict:
		return get_board(self.process.name, **arguments)

	def column(self, stage: str, **arguments) -> dict:
		return next(column for column in self.board(**arguments)["stages"] if column["stage"] == stage)

	def names(self, stage: str) -> list[str]:
		return [card.name for card in self.column(stage)["cards"]]


class TestTotals(PipelineCase):
	def test_stages_come_in_order_of_the_process(self):
		board = self.board()
		self.assertEqual(
			[column["stage"] for column in board["stages"]], [self.first, self.second, self.won, self.lost]
		)
		self.assertEqual([column["probability"] for column in board["stages"]], [20, 50, 100, 0])
		self.assertEqual(board["totals"], {"count": 0, "amount": 0, "weighted": 0})

	def test_totals_are_the_sums_of_the_opportunities(self):
		opportunities = [
			self.opportunity(1000.55),
			self.opportunity(99.45, probability=37),
			self.opportunity(40, sales_stage=self.second),
		]
		first, second = self.column(self.first), self.column(self.second)
		self.assertEqual((first["count"], first["amount"]), (2, 1100.0))
		self.assertEqual(first["weighted"], 236.91)
		self.assertEqual((second["count"], second["amount"], second["weighted"]), (1, 40, 20))
		self.assertEqual(
			self.board()["totals"],
			{
				"count": 3,
				"amount": 1140,
				"weighted": round(sum(opportunity.weighted_amount for opportunity in opportunities), 2),
			},
		)

	def test_foreign_amounts_count_in_base_currency(self):
		base = self.board()["currency"]
		foreign = "CHF" if base != "CHF" else "EUR"
		make_exchange_rate(foreign, base, 1.5, in_days(-1))
		self.opportunity(200, currency=foreign)
		column = self.column(self.first)
		self.assertEqual(column["amount"], 300)
		self.assertEqual(column["cards"][0].opportunity_amount, 200)

	def test_cards_left_out_still_count(self):
		for _number in range(3):
			self.opportunity(10)
		column = self.column(self.first, limit_per_stage=2)
		self.assertEqual((len(column["cards"]), column["count"], column["amount"]), (2, 3, 30))

	def test_paused_opportunities_count_and_closed_ones_do_not(self):
		self.opportunity(10).pause(in_days(20))
		closed = self.opportunity(500)
		closed.status = "Closed"
		closed.save()
		column = self.column(self.first)
		self.assertEqual((column["count"], column["amount"]), (1, 10))

	def test_won_counts_with_its_revenue_and_only_lately(self):
		long_ago = in_days(-PERIOD - 1)
		self.opportunity(100, transaction_date=long_ago).mark_won(90, in_days(-PERIOD))
		self.opportunity(100, transaction_date=long_ago).mark_won(70, long_ago)
		column = self.column(self.won)
		self.assertEqual((column["count"], column["amount"], column["cards"]), (1, 90, []))

	def test_lost_counts_with_its_amount(self):
		self.opportunity(100).declare_lost([make_lost_reason().name])
		column = self.column(self.lost)
		self.assertEqual((column["count"], column["amount"], column["weighted"]), (1, 100, 0))

	def test_opportunities_in_a_stage_the_process_no_longer_has_stay_on_the_board(self):
		self.opportunity(30, sales_stage=self.second)
		self.process.reload()
		self.process.set("stages", [row for row in self.process.stages if row.sales_stage != self.second])
		self.process.save()
		column = self.column(self.second)
		self.assertEqual((column["count"], column["amount"], column["type"]), (1, 30, "Open"))


class TestCards(PipelineCase):
	def test_missed_contacts_come_first_then_the_closing_date_and_paused_opportunities_last(self):
		undated = self.opportunity()
		late_closing = self.opportunity(expected_closing=in_days(90))
		early_closing = self.opportunity(expected_closing=in_days(9))
		missed = self.opportunity(next_contact_date=add_to_date(now_datetime(), hours=-1))
		paused = self.opportunity(expected_closing=in_days(1))
		paused.pause(in_days(5))
		expected = [missed, early_closing, late_closing, undated, paused]
		self.assertEqual(self.names(self.first), [opportunity.name for opportunity in expected])

	def test_a_missed_contact_of_a_paused_opportunity_is_missed_too(self):
		coming = self.opportunity(next_contact_date=add_to_date(now_datetime(), hours=1))
		paused = self.opportunity(next_contact_date=add_to_date(now_datetime(), hours=-1))
		paused.pause(in_days(5))
		self.assertEqual(self.names(self.first), [paused.name, coming.name])

	def test_missed_contacts_of_opportunities_in_play_are_counted(self):
		missed = {"next_contact_date": add_to_date(now_datetime(), hours=-1)}
		self.opportunity(**missed)
		self.opportunity(**missed, sales_stage=self.second)
		self.opportunity(**missed).mark_won()
		self.opportunity(next_contact_date=add_to_date(now_datetime(), hours=1))
		self.opportunity()
		self.assertEqual(self.board()["overdue"], 2)

	def test_days_in_stage_count_from_the_last_move(self):
		waiting = self.opportunity(transaction_date=in_days(-12))
		moved = self.opportunity(transaction_date=in_days(-12))
		moved.advance()
		self.assertEqual(self.column(self.first)["cards"][0].days_in_stage, 12)
		self.assertEqual(self.column(self.second)["cards"][0].days_in_stage, 0)
		self.assertEqual(self.names(self.first), [waiting.name])

	def test_more_cards_continue_where_the_board_ended(self):
		opportunities = [self.opportunity(expected_closing=in_days(day)).name for day in range(1, 6)]
		shown = [card.name for card in self.column(self.first, limit_per_stage=2)["cards"]]
		more = get_cards(self.process.name, self.first, start=2, limit=2)["cards"]
		rest = get_cards(self.process.name, self.first, start=4)["cards"]
		self.assertEqual(shown + [card.name for card in [*more, *rest]], opportunities)

	def test_won_opportunities_come_newest_first(self):
		older = self.opportunity(transaction_date=in_days(-9))
		newer = self.opportunity(transaction_date=in_days(-9))
		older.mark_won(closed_on=in_days(-5))
		newer.mark_won(closed_on=in_days(-2))
		cards = get_cards(self.process.name, self.won)["cards"]
		self.assertEqual([card.name for card in cards], [newer.name, older.name])
		self.assertEqual([card.days_in_stage for card in cards], [None, None])

	def test_owners_come_with_their_names_and_currencies_with_their_decimals(self):
		make_exchange_rate("JPY", self.board()["currency"], 0.01, in_days(-1))
		with self.as_user("Sales User") as user:
			self.opportunity(5000, currency="JPY")
			board = self.board()
		self.assertEqual(board["people"][user], "Test")
		self.assertEqual(board["decimals"]["JPY"], 0)

	def test_times_come_with_the_zones_to_show_them_in(self):
		site = get_system_timezone()
		with self.as_user("Sales User") as user:
			frappe.db.set_value("User", user, "time_zone", "Asia/Tokyo")
			self.assertEqual(self.board()["time_zones"], {"site": site, "own": "Asia/Tokyo"})
			frappe.db.set_value("User", user, "time_zone", None)
			self.assertEqual(self.board()["time_zones"], {"site": site, "own": site})

	def test_the_number_of_queries_does_not_grow_with_the_opportunities(self):
		self.opportunity()
		before = self.queries_of_board()
		for _number in range(5):
			self.opportunity()
		self.assertEqual(self.queries_of_board(), before)

	def queries_of_board(self) -> int:
		self.board()
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
			self.board()
		return spy.call_count


class TestAccess(PipelineCase):
	def test_who_may_not_read_opportunities_gets_nothing(self):
		with self.as_user():
			with self.assertRefused(frappe.PermissionError):
				self.board()
			with self.assertRefused(frappe.PermissionError):
				get_cards(self.process.name, self.first)

	def test_a_sales_user_and_a_purchase_user_may_look(self):
		self.opportunity(10)
		for role in ("Sales User", "Purchase User"):
			with self.as_user(role):
				self.assertEqual(self.column(self.first)["count"], 1)

	def test_an_unknown_process_is_refused(self):
		with self.assertRefused(frappe.DoesNotExistError):
			get_board("No such process")

	def test_an_unknown_stage_has_no_cards(self):
		self.assertEqual(get_cards(self.process.name, "No such stage")["cards"], [])

	def test_limits_stay_within_bounds(self):
		self.opportunity()
		self.assertEqual(len(self.column(self.first, limit_per_stage=-5)["cards"]), 1)
		self.assertEqual(len(get_cards(self.process.name, self.first, start=-3, limit=10**9)["cards"]), 1)


class TestPage(TestCase):
	def setUp(self):
		self.build({})

	def build(self, bundles: dict) -> None:
		"""Let `bench build` have made these bundles of the page's modules, until the test has ended."""
		built = patch("crm_pipeline.utils.page_assets.get_assets_json", return_value=bundles)
		built.start()
		self.addCleanup(built.stop)

	def tearDown(self):
		frappe.set_user("Administrator")
		frappe.local.flags.pop("pipeline_page", None)

	def visit(self, path: str = "/pipeline"):
		"""The response to a visit, as it leaves the server."""
		set_request(method="GET", path=path)
		response = get_response()
		for hook in frappe.get_hooks("after_request"):
			frappe.call(frappe.get_attr(hook), response=response, request=frappe.local.request)
		return response

	def test_guests_are_sent_to_the_login(self):
		frappe.set_user("Guest")
		response = self.visit()
		self.assertEqual(response.status_code, 302)
		self.assertEqual(response.headers["Location"], "/login?redirect-to=/pipeline")

	def test_who_may_not_read_opportunities_is_refused(self):
		with self.as_user():
			response = self.visit()
		self.assertEqual(response.status_code, 403)
		self.assertNotIn('id="boot"', response.get_data(as_text=True))

	def boot(self, response) -> dict:
		found = re.search(
			r'<script type="application/json" id="boot">(.*?)</script>', response.get_data(as_text=True)
		)
		return json.loads(found.group(1))

	def test_the_page_runs_nothing_inline_but_the_map_of_its_modules(self):
		with self.as_user("Sales User"):
			response = self.visit()
		self.assertEqual(response.status_code, 200)
		html = response.get_data(as_text=True)
		import_map = re.search(r'<script type="importmap">(.*?)</script>', html).group(1)
		known = b64encode(sha256(import_map.encode()).digest()).decode()
		policy = response.headers["Content-Security-Policy"]
		self.assertIn("default-src 'none'", policy)
		self.assertIn(f"script-src 'self' 'sha256-{known}';", policy)
		self.assertNotIn("unsafe", policy)
		kinds = re.findall(r"<script([^>]*)>", html)
		self.assertEqual(
			[re.sub(r' src="/assets/[^"]+"', "", kind) for kind in kinds],
			[' type="importmap"', ' type="application/json" id="boot"', ' type="module"'],
		)
		self.assertNotRegex(html, r"<style|\sstyle=|\son\w+=|javascript:")

	def test_what_a_bench_has_built_is_fetched_instead_of_modules(self):
		bundle = "/assets/crm_pipeline/dist/js/pipeline_page.bundle.2ABCDEFG.js"
		for built in ({"pipeline_page.bundle.js": bundle}, None):  # None: before the first build of a bench
			self.build(built)
			with self.subTest(built=built), self.as_user("Sales User"):
				response = self.visit()
				html, policy = response.get_data(as_text=True), response.headers["Content-Security-Policy"]
				[script] = re.findall(r'<script type="module" src="([^"]+)"></script>', html)
				self.assertEqual(script == bundle, bool(built))
				self.assertEqual("modulepreload" not in html and "importmap" not in html, bool(built))
				self.assertEqual("script-src 'self';" in policy, bool(built))

	def test_every_module_comes_with_its_version_whoever_imports_it(self):
		with self.as_user("Sales User"):
			html = self.visit().get_data(as_text=True)
		imports = json.loads(re.search(r'<script type="importmap">(.*?)</script>', html).group(1))["imports"]
		folder = Path(frappe.get_app_path("crm_pipeline", "public", "pipeline"))
		files = {f"/assets/crm_pipeline/pipeline/{file.relative_to(folder)}" for file in folder.rglob("*.js")}
		self.assertEqual(set(imports), files)
		self.assertTrue(all(re.fullmatch(re.escape(name) + r"\?v=\w+", to) for name, to in imports.items()))

	def test_the_page_carries_the_token_and_is_kept_nowhere(self):
		with self.as_user("Sales User"):
			response = self.visit()
			token = frappe.session.data.csrf_token
		self.assertTrue(token)
		self.assertEqual(self.boot(response)["csrf_token"], token)
		self.assertEqual(response.headers["Cache-Control"], "no-store")

	def test_what_is_offered_follows_the_rights(self):
		for role, may_write in (("Sales User", 1), ("Purchase User", 0)):
			with self.as_user(role):
				boot = self.boot(self.visit())
			self.assertEqual((boot["may_write"], boot["may_create"]), (may_write, may_write))

	def test_a_team_is_offered_to_who_leads_one_and_shown_first_to_who_manages_too(self):
		seller, other = make_user("Sales User"), make_user("Sales User")
		of_seller, _of_other = (make_opportunity(opportunity_owner=user) for user in (seller, other))
		for role, scope, shown in (("Sales User", "mine", []), ("Sales Manager", "team", [of_seller.name])):
			leader = make_user(role)
			make_team(seller, manager=leader)
			frappe.set_user(leader)
			with self.subTest(role):
				boot = self.boot(self.visit())
				self.assertEqual((boot["team"], boot["default_scope"]), ([leader, seller], scope))
				cards = [card["name"] for column in boot["first"]["stages"] for card in column["cards"]]
				self.assertEqual(cards, shown)
			frappe.set_user("Administrator")
		with self.as_user("Sales Manager"):
			self.assertIsNone(self.boot(self.visit())["team"])

	def test_the_first_board_comes_with_the_page_unless_its_address_asks_for_another(self):
		with self.as_user("Sales User"):
			opportunity = make_opportunity(opportunity_owner=frappe.session.user)
			first = self.boot(self.visit())["first"]
			self.assertIsNone(self.boot(self.visit("/pipeline?scope=all"))["first"])
		shown = [card["name"] for column in first["stages"] for card in column["cards"]]
		self.assertEqual(shown, [opportunity.name])

	def test_names_on_the_page_end_no_script(self):
		name = '</script><b>Bold & "Co"'
		with self.as_user("Sales User"):
			with patch.multiple(
				"crm_pipeline.www.pipeline", processes_to_choose=lambda: [name], first_board=dict
			):
				response = self.visit()
		self.assertIn(name, self.boot(response)["processes"])
		self.assertNotIn("</script><b>", response.get_data(as_text=True))

	def test_texts_come_in_the_language_of_the_user(self):
		with self.as_user("Sales User"):
			with in_language("de"):
				boot = self.boot(self.visit())
		self.assertEqual((boot["language"], boot["texts"]["Overdue"]), ("de", "Überfällig"))

	def test_it_reads_from_right_to_left_where_the_language_does(self):
		with self.as_user("Sales User"):
			with in_language("ar"):
				self.assertIn('<html lang="ar" dir="rtl">', self.visit().get_data(as_text=True))

	def test_the_modules_of_the_first_view_are_fetched_at_once_under_the_address_that_imports_use(self):
		with self.as_user("Sales User"):
			html = self.visit().get_data(as_text=True)
		entry = re.search(r'<script type="module" src="([^"]+)"', html)[1]
		preloaded = re.findall(r'<link rel="modulepreload" href="([^"]+)"', html)
		folder = Path(frappe.get_app_path("crm_pipeline", "public", "pipeline"))
		modules = {file.relative_to(folder).as_posix() for file in folder.rglob("*.js")}
		modules = {module for module in modules if not module.startswith(FETCHED_LATER)}
		place, version = entry.split("pipeline.js?")
		self.assertEqual(preloaded, [f"{place}{module}?{version}" for module in sorted(modules)])

	def test_desk_is_offered_where_there_is_one(self):
		with self.as_user("Sales User"):
			boot = self.boot(self.visit())
		self.assertEqual(bool(boot["desk"]), bool(desk_form("Opportunity")))

	def test_mail_is_offered_where_one_can_leave(self):
		frappe.db.set_value("Email Account", {"enable_outgoing": 1}, "enable_outgoing", 0)
		frappe.local.conf.mail_server, frappe.flags.mute_emails = None, False
		may_set_up = "System Manager", desk_form("Email Account")
		for role, address in (("Sales User", ""), may_set_up):
			frappe.local.outgoing_email_account = {}  # Frappe keeps what it found once
			with self.subTest(role), self.as_user("Sales User", role):
				boot = self.boot(self.visit())
				self.assertEqual((boot["may_mail"], boot["mail_accounts"]), (False, address))
		make_outgoing_account()
		with self.as_user("Sales User", "System Manager"):
			boot = self.boot(self.visit())
			self.assertEqual((boot["may_mail"], boot["mail_accounts"]), (True, ""))

	def test_an_account_of_the_writer_alone_will_do(self):
		frappe.db.set_value("Email Account", {"enable_outgoing": 1}, "enable_outgoing", 0)
		frappe.local.conf.mail_server, frappe.flags.mute_emails = None, False
		account = make_outgoing_account()
		with self.as_user("Sales User") as user:
			frappe.db.set_value("Email Account", account.name, {"default_outgoing": 0, "email_id": user})
			frappe.local.outgoing_email_account = {}
			self.assertTrue(self.boot(self.visit())["may_mail"])

	def test_other_pages_keep_their_own_policy(self):
		frappe.set_user("Guest")
		self.assertNotIn("Content-Security-Policy", self.visit("/login").headers)
