"""The pipeline page as it is sent: to whom, with what in it, and how strict it is about scripts."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.utils import set_request
from frappe.website.serve import get_response

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_opportunity, make_team, make_user
from crm_pipeline.tests.mail import make_outgoing_account
from crm_pipeline.utils.desk import desk_form
from crm_pipeline.utils.session import in_language
from crm_pipeline.www.pipeline import FETCHED_LATER


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
