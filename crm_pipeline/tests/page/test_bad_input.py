"""The page with what nobody hopes for: contradictions, endless names, markup, many currencies, very many opportunities."""

import re

import pytest

from crm_pipeline.tests.page.browser import SIZES
from crm_pipeline.tests.page.looking import assert_no_overflow, expect
from crm_pipeline.tests.page.pipeline import Opportunities, Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

HARBOUR = "Racking for the harbour"
REFUSED = "status of 4[0-9][0-9]"
MARKUP = "Fish & <b>chips</b> <img src=x onerror=alert(1)> {0} %s"
ARABIC, HEBREW = "رافعات للمستودع الجديد", "מלגזות למחסן החדש"
LONG = "Regalbediengeräteersatzteillieferungsvertrag" * 3
LARGEST = 10**12 - 1  # that the app keeps
VIEWS = ("board", "list", "forecast", "day")
MEMBER = "Crowd no{:04}"  # no part of a name, which is searched as well
CARDS = 300  # in the document, at most
MANY, SEVERAL_HUNDRED = 320, r"\b[34]\d\d\b"


@pytest.fixture
def show(open_page):
	return lambda path="/pipeline", **options: Pipeline(open_page(path, **{"user": SALESPERSON} | options))


class TestFilters:
	def test_what_contradicts_itself_matches_nothing(self, show):
		pipeline = show("/pipeline?state=no_step&source=No+such+source&text=zzzz")
		expect(pipeline.column("Lead")).to_contain_text(re.compile("No match|No opportunities here"))
		expect(pipeline.main.get_by_role("article")).to_have_count(0)
		pipeline.show("List")
		expect(pipeline.main).to_contain_text("Nothing matches")

	@pytest.mark.parametrize("query", ["state=bogus&closing=someday", "process=No+such", "min=a+lot"])
	def test_what_cannot_be_read_is_said_and_left(self, show, console, query):
		console.allow(REFUSED)
		pipeline = show(f"/pipeline?{query}")
		expect(pipeline.condition).to_have_text(re.compile(r"\w{3}"))
		pipeline.condition.get_by_role("button", name="Start Over").click()
		expect(pipeline.condition).to_be_hidden()
		expect(pipeline.main.get_by_role("article").first).to_be_visible()

	def test_a_span_that_nothing_is_in_is_named(self, show, console):
		console.allow(REFUSED)
		pipeline = show("/pipeline?min=5&max=1")
		expect(pipeline.condition).to_contain_text("The least value, 5")

	def test_an_address_that_names_nobody_shows_that(self, show, console):
		console.allow(REFUSED)
		pipeline = show("/pipeline#CRM-OPP-0000-%E0%A4%A")
		expect(pipeline.main.get_by_role("article").first).to_be_visible()
		pipeline.page.goto("/pipeline#No such <b>thing</b>")
		expect(pipeline.panel.get_by_role("alert")).to_contain_text("No such <b>thing</b> does not exist")


class TestTexts:
	def test_markup_stays_text(self, show, opportunities):
		title = opportunities.rest.get("Opportunity", opportunities.make(MARKUP))["title"]
		pipeline = show()
		for view in VIEWS:
			pipeline.page.goto(f"/pipeline?view={view}&text=chips")
			expect(pipeline.link(title)).to_have_text(title)
		panel = pipeline.open(title)
		panel.get_by_label("What is worth knowing").fill(MARKUP)
		panel.get_by_role("button", name="Save", exact=True).click()
		expect(panel.get_by_role("region", name="What was said")).to_contain_text("Fish & <b>chips</b>")
		assert pipeline.page.locator("img").count() == 0

	def test_right_to_left_texts_stand_by_themselves(self, show, opportunities):
		for title in (ARABIC, HEBREW):
			opportunities.make(title)
		pipeline = show()
		for title in (ARABIC, HEBREW):
			assert pipeline.link(title).evaluate("node => getComputedStyle(node).direction") == "rtl"
		pipeline.search.fill(HEBREW[:8])
		expect(pipeline.page.get_by_role("option", name=HEBREW)).to_be_visible()

	def test_what_desk_finds_the_search_finds(self, show, opportunities):
		titles = ["Größe L für Ægir", "ＷＩＤＥ racks", "Złoty ışık", "Straße 7"]
		for title in titles:
			opportunities.make(title)
		pipeline = show()
		for text in (
			"größe",
			"GRÖSSE",
			"grosse",
			"wide",
			"ｗｉｄｅ",
			"złoty",
			"zloty",
			"isik",
			"ışık",
			"strasse",
			"straße",
		):
			found = opportunities.rest.get_list("Opportunity", {"title": ["like", f"%{text}%"]}, "title")
			pipeline.search.fill("")
			pipeline.search.fill(text)
			for row in found:
				expect(pipeline.page.get_by_role("option", name=row["title"])).to_be_visible()
		expect(pipeline.page.get_by_role("option", name="Straße 7")).to_be_visible()

	def test_a_number_that_the_contact_alone_has_is_found_however_it_is_dialled(self, show, opportunities):
		phones = [{"phone": "+49 30 555123-4", "is_primary_phone": 1}, {"phone": "0151 9870001"}]
		addresses = [{"email_id": "front@desk.example", "is_primary": 1}, {"email_id": "back@desk.example"}]
		contact = opportunities.rest.insert(
			"Contact", first_name="Desk", phone_nos=phones, email_ids=addresses
		)["name"]
		opportunities.make("Lamps for the front desk", contact_person=contact)
		pipeline = show()
		for text in ("0305551234", "+49 151 987-0001", "back@desk"):
			pipeline.search.fill("")
			pipeline.search.fill(text)
			expect(pipeline.page.get_by_role("option", name="Lamps for the front desk")).to_be_visible()
		pipeline.search.fill("0305551299")
		expect(pipeline.page.get_by_text("Nothing found")).to_be_visible()

	def test_long_names_and_large_amounts_fit(self, show, opportunities):
		opportunities.make(
			LONG, opportunity_amount=LARGEST, currency="USD", next_contact_date=opportunities.moment(-1)
		)
		opportunities.make("W" * 140, opportunity_amount=0, currency="EUR", conversion_rate=1.1)
		opportunities.make(ARABIC * 6, opportunity_amount=LARGEST, currency="JPY", conversion_rate=0.007)
		pipeline = show()
		expect(pipeline.card(LONG)).to_contain_text("$999,999,999,999.00")
		expect(pipeline.card("W" * 140)).to_contain_text("€0.00")
		expect(pipeline.card(ARABIC * 6)).to_contain_text("¥999,999,999,999")
		for view in VIEWS:
			pipeline.show({"board": "Board", "list": "List", "forecast": "Forecast", "day": "My Day"}[view])
			expect(pipeline.link(LONG)).to_be_visible()
			self.assert_fits(pipeline.page, view)
		pipeline.open(LONG)
		self.assert_fits(pipeline.page, "panel")

	@staticmethod
	def assert_fits(page, view):
		for name, size in SIZES.items():
			page.set_viewport_size(size._asdict())
			try:
				assert_no_overflow(page)
			except AssertionError as error:
				raise AssertionError(f"{view} {name}: {error}") from None
		page.set_viewport_size(SIZES["wide"]._asdict())

	def test_what_is_too_long_or_too_large_is_refused_in_words(self, show, opportunities, console):
		console.allow(REFUSED)
		opportunities.make(HARBOUR, opportunity_amount=5)
		panel = show().open(HARBOUR)
		refusals = {
			"Opportunity Name": ("x" * 300, "140"),
			"Opportunity Amount": (str(LARGEST + 1), "twelve digits"),
		}
		for label, (typed, why) in refusals.items():
			panel.get_by_role("button", name=f"{label}:").click()
			field = panel.get_by_role("textbox", name=label)
			field.fill(typed)
			field.press("Enter")
			expect(panel.get_by_role("alert").filter(has_text=why)).to_be_visible()
			expect(field).to_have_value(typed)
			field.press("Escape")
		opportunity = opportunities.of(HARBOUR)
		assert (opportunity["title"], opportunity["opportunity_amount"]) == (HARBOUR, 5)


class TestOthersChangeTheSite:
	@pytest.fixture
	def rename(self, opportunities):
		"""A function that renames a record, which afterwards is called as before."""
		renamed = []

		def rename(doctype, old, new):
			names = {"old_name": old, "new_name": new}
			opportunities.rest.call("frappe.client.rename_doc", doctype=doctype, **names)
			renamed.append((doctype, new, old))

		yield rename
		for names in renamed[:]:
			rename(*names)

	def test_a_stage_that_is_renamed_meanwhile(self, rename, show, opportunities, console):
		console.allow(REFUSED)
		opportunities.make(HARBOUR)
		pipeline = show()
		rename("Sales Stage", "Pitching", "Presenting")
		pipeline.drag(HARBOUR, "Pitching")
		pipeline.expect_said(HARBOUR)
		pipeline.page.reload()
		pipeline.expect_in("Lead", HARBOUR)
		pipeline.drag(HARBOUR, "Presenting")
		pipeline.expect_said("moved to Presenting")
		assert opportunities.of(HARBOUR)["sales_stage"] == "Presenting"

	def test_who_may_see_three_sees_three(self, show, opportunities, console):
		console.allow(REFUSED)
		names = [opportunities.make(f"Permitted {number}") for number in range(3)]
		for name in names:
			opportunities.rest.insert(
				"User Permission", user=SALESPERSON, allow="Opportunity", for_value=name
			)
		hidden = opportunities.rest.get_list("Opportunity", {"status": "Open"}, "name", "title")
		[hidden] = [row for row in hidden if row["name"] not in names][:1]
		pipeline = show("/pipeline?scope=all")
		expect(pipeline.main.get_by_role("article")).to_have_count(3)
		expect(pipeline.page.locator(".totals")).to_contain_text(re.compile(r"Opportunities\s*3"))
		expect(pipeline.button("No Next Step 3 $0")).to_be_visible()
		pipeline.search.fill(hidden["name"])
		expect(pipeline.page.get_by_role("option", name="Show only what matches")).to_be_visible()
		expect(pipeline.page.get_by_role("option", name=hidden["title"])).to_have_count(0)
		pipeline.page.goto(f"/pipeline?scope=all#{hidden['name']}")
		expect(pipeline.panel.get_by_role("alert")).to_contain_text("does not exist, or you may not see it")


class TestVeryMany:
	@pytest.fixture(scope="class", autouse=True)
	@classmethod
	def crowd(cls, server, restored):
		"""Several hundred in one stage, due since yesterday, each of 100."""
		opportunities = Opportunities(server, server.sign_in(server.administrator))
		values = {"opportunity_amount": 100, "currency": "USD", "next_contact_date": opportunities.moment(-1)}
		opportunities.make_many(MEMBER, MANY, **values)

	def test_search_overdue_and_sums_are_the_servers(self, show):
		pipeline = show()
		head = pipeline.column("Lead").locator("header")
		count = int(head.locator(".count").inner_text())
		assert count >= MANY
		pipeline.button(re.compile("^Overdue")).click()
		expect(pipeline.button(re.compile("^Overdue"))).to_contain_text(re.compile(SEVERAL_HUNDRED))
		pipeline.search.fill(MEMBER.format(MANY - 1))
		expect(pipeline.page.get_by_role("option", name=MEMBER.format(MANY - 1)).first).to_be_visible()
		pipeline.search.press("Enter")
		expect(pipeline.main.get_by_role("article")).to_have_count(1)
		expect(pipeline.link(MEMBER.format(MANY - 1))).to_be_visible()
		expect(head.locator(".sum")).to_have_text("$100")

	def test_few_cards_are_in_the_document(self, show):
		pipeline = show()
		cards = pipeline.main.get_by_role("article")
		last = pipeline.column("Lead").get_by_role("listitem").last
		for _ in range(40):
			assert cards.count() <= CARDS
			if int(last.get_attribute("aria-posinset")) > 100:
				break
			pipeline.column("Lead").locator(".scroll").evaluate("node => node.scrollBy(0, 2000)")
			pipeline.page.wait_for_timeout(100)
		assert int(last.get_attribute("aria-posinset")) > 100, "more come while one scrolls"
		pipeline.show("List")
		expect(pipeline.main.locator(".list-sums")).to_contain_text(re.compile(SEVERAL_HUNDRED))
		assert pipeline.main.locator(".row").count() <= CARDS


def test_styles_in_the_markup_of_a_mail_are_left_out_and_not_complained_of(show):
	source = '<p style="color: red">Dear <b STYLE=\'margin: 0\'>Ann</b></p><style>p { color: red }</style><p>The style="plain"</p>'
	module = "/assets/crm_pipeline/pipeline/panel/field_values.js"
	plain = f"source => import('{module}').then(module => module.plain(source))"
	assert show().page.evaluate(plain, source) == 'Dear Ann\n\nThe style="plain"'
