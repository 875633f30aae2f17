"""How the page counts and tells the time: one of something, several, and one way for each day."""

import re
from datetime import datetime

import pytest

from crm_pipeline.tests.page.browser import Size
from crm_pipeline.tests.page.looking import assert_sound, expect
from crm_pipeline.tests.page.pipeline import Pipeline

CRANE = "Crane for the quarry"
OTHER = "Solution Sale"
ALONE = "/pipeline?scope=all&text=crane+quarry"


@pytest.fixture
def show(open_page):
	return lambda path=ALONE, **options: Pipeline(open_page(path, **options))


def weekday(opportunities, days: int) -> str:
	return datetime.fromisoformat(opportunities.day(days)).strftime("%A")


class TestCounting:
	def test_one_is_one_opportunity(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline = show(f"{ALONE}&view=list")
		sums = pipeline.page.locator(".list-sums")
		expect(sums).to_contain_text("1 Opportunity ·")
		opportunities.make(CRANE)
		pipeline.reread()
		expect(sums).to_contain_text("2 Opportunities ·")


class TestScopes:
	def figure(self, pipeline, kind):
		return pipeline.page.get_by_role("region", name="Pulse").get_by_role("button", name=kind)

	def test_what_is_of_all_processes_says_so_and_counts_so(self, show, opportunities):
		late = {"next_contact_date": opportunities.moment(-1), "opportunity_amount": 10}
		opportunities.make(f"{CRANE} 1", **late)
		opportunities.make(f"{CRANE} 2", sales_process=OTHER, sales_stage="Needs Analysis", **late)
		opportunities.make(f"{CRANE} 3", sales_process=OTHER, sales_stage="Needs Analysis")
		pipeline = show()
		process = pipeline.page.get_by_label("Sales Process")
		expect(self.figure(pipeline, "Overdue")).to_contain_text("Overdue 1")
		rail = pipeline.page.get_by_role("region", name="My Day")
		expect(rail).to_have_count(0)
		for view in ("My Day", "Activities"):
			pipeline.show(view)
			expect(process).to_be_disabled()
			expect(process.locator("option")).to_have_text(["All Processes"])
			expect(self.figure(pipeline, "Overdue")).to_contain_text("Overdue 2")
			expect(pipeline.page.locator(".totals")).to_contain_text("Opportunities3")
			expect(pipeline.link(f"{CRANE} 2").first).to_be_visible()
		pipeline.show("My Day")
		expect(pipeline.main.get_by_role("heading", name="Overdue")).to_have_text(re.compile("Overdue 2"))
		self.figure(pipeline, "No Next Step").click()
		expect(pipeline.main.get_by_role("heading", name="Overdue")).to_be_hidden()
		expect(pipeline.link(f"{CRANE} 3")).to_be_visible()
		self.figure(pipeline, "Rotting").click()
		expect(pipeline.main).to_contain_text("No match")
		assert_sound(pipeline.page)
		self.figure(pipeline, "Rotting").click()
		pipeline.show("Board")
		expect(process).to_have_value("Standard")
		expect(self.figure(pipeline, "Overdue")).to_contain_text("Overdue 1")

	def test_my_day_beside_the_columns_says_so_too(self, show, opportunities):
		opportunities.make(CRANE, sales_process=OTHER, sales_stage="Needs Analysis")
		pipeline = show(f"{ALONE}&state=rotting", size=Size(2000, 900))
		rail = pipeline.page.get_by_role("region", name="My Day")
		expect(rail.get_by_role("heading", name="My Day")).to_contain_text("All Processes")
		expect(rail.get_by_role("link", name=CRANE)).to_be_visible()  # whatever the board is narrowed to

	def test_what_passed_its_closing_is_not_called_overdue(self, show, opportunities):
		opportunities.make(CRANE, expected_closing=opportunities.day(-1))
		pipeline = show(f"{ALONE}&view=forecast")
		expect(pipeline.column("Closing Passed").get_by_role("link", name=CRANE)).to_be_visible()
		expect(pipeline.main.get_by_role("heading", name="Overdue")).to_have_count(0)


class TestDays:
	def test_near_days_have_words_and_others_the_sites_date(self, show, opportunities):
		name = opportunities.make(CRANE, next_contact_date=opportunities.moment(1))
		expected = {1: "Tomorrow", 3: weekday(opportunities, 3), 7: opportunities.written(7), -1: "Yesterday"}
		for days, words in expected.items():
			opportunities.rest.update("Opportunity", name, next_contact_date=opportunities.moment(days))
			pipeline = show()
			expect(pipeline.card(CRANE).locator(".state")).to_contain_text(words)
			panel = pipeline.open(CRANE)
			expect(panel.locator("[data-field=next_contact_date] .text")).to_have_text(f"{words} 09:00")
			pipeline.page.close()

	def test_the_list_tells_days_alike_and_changes_them_in_place(self, show, opportunities):
		opportunities.make(CRANE, expected_closing=opportunities.day(1))
		pipeline = show(f"{ALONE}&view=list")
		closing = pipeline.button(f"Expected closing of {CRANE}: Tomorrow")
		closing.click()
		entry = pipeline.main.get_by_label(f"Expected closing of {CRANE}")
		expect(entry).to_be_focused()
		pipeline.keyboard.press("Escape")
		expect(closing).to_be_focused()
		assert opportunities.of(CRANE)["expected_closing"] == opportunities.day(1)
		closing.click()
		entry.fill(opportunities.day(30))
		pipeline.keyboard.press("Enter")
		expect(pipeline.button(f"Expected closing of {CRANE}: {opportunities.written(30)}")).to_be_focused()
		opportunities.later(lambda: opportunities.of(CRANE)["expected_closing"] == opportunities.day(30))

	def test_what_was_due_earlier_today_is_overdue_and_says_the_hour(self, show, opportunities):
		opportunities.make(CRANE, next_contact_date=f"{opportunities.day(0)} 00:00:00")
		pipeline = show()
		expect(pipeline.card(CRANE).locator(".state")).to_contain_text("Since 00:00")
		expect(pipeline.page.locator(".figure.overdue")).to_contain_text("1")
		expect(pipeline.page.get_by_role("button", name="Today")).to_contain_text("0")

	def test_a_past_closing_is_no_next_contact(self, show, opportunities):
		opportunities.make(CRANE, expected_closing=opportunities.day(-9))
		pipeline = show(f"{ALONE}&view=list")
		expect(pipeline.main.locator(".cell-state")).to_contain_text("No step")
		closing = pipeline.button(f"Expected closing of {CRANE}: {opportunities.written(-9)}")
		expect(closing).to_have_class(re.compile(r"\blate\b"))

	def test_in_german(self, show, opportunities):
		opportunities.make(CRANE, next_contact_date=opportunities.moment(1))
		expect(show(language="de").card(CRANE).locator(".state")).to_contain_text("Morgen")

	def test_opening_is_no_status_in_german(self, show, opportunities):
		opportunities.make(CRANE)
		opening = show("/pipeline?view=day&scope=all", language="de").button(f"{CRANE} öffnen")
		expect(opening).to_have_text("Öffnen")


class TestShortFigures:
	"""They are those of the site too: its separators, and no decimals of thousands that are written out."""

	@pytest.mark.parametrize(
		("language", "amount", "shown"),
		[
			("en", 17492.7, "$17.5K"),
			("de", 17492.7, "$17,493"),
			("de", 3.5, "$3.5"),
			("de", 1230000, "$1.2\u00a0Mio."),
		],
	)
	def test_sums(self, show, opportunities, language, amount, shown):
		opportunities.make(CRANE, opportunity_amount=amount, currency="USD")
		pipeline = show(f"{ALONE}&scope=all", language=language)
		expect(pipeline.page.locator(".column-head .sum").first).to_have_text(shown)


class TestAlignment:
	ENDS = """(selector) => {
		const [range, node] = [document.createRange(), document.querySelector(selector)];
		range.selectNodeContents(node);
		const heard = node.querySelector(":scope > .sr-only:first-child");
		if (heard) range.setStartAfter(heard);
		const box = range.getBoundingClientRect();
		return [box.left, box.right];
	}"""

	@pytest.mark.parametrize("count", [1, 40])
	def test_heads_stand_above_what_they_name(self, show, opportunities, count):
		for number in range(count):
			opportunities.make(
				f"{CRANE} {number}", opportunity_amount=5000, expected_closing=opportunities.day(40)
			)
		page = show(f"{ALONE}&view=list&sort=title").page

		def ends(selector):
			return page.evaluate(self.ENDS, selector)

		for head, cell in ((".head-title", ".cell-title a"), (".head-closing", "button.cell-closing")):
			assert abs(ends(head)[0] - ends(cell)[0]) < 2, head
		assert (
			abs(ends(".head-amount")[1] - ends(".cell-amount")[1]) < 6
		)  # the space before where the arrow stands

	@pytest.mark.parametrize("width", [700, 1000, 1300])
	def test_sums_stay_in_the_heads_of_narrow_columns(self, show, opportunities, width):
		for stage in ("Lead", "Pitching"):
			opportunities.make(
				f"{CRANE} in {stage}", sales_stage=stage, opportunity_amount=987654321098, currency="USD"
			)
		page = show(size=Size(width, 800)).page
		for head in page.locator(".column-head").all():
			inner, sum_ = head.bounding_box(), head.locator(".sum").bounding_box()
			assert sum_["x"] + sum_["width"] <= inner["x"] + inner["width"]
			assert head.locator(".sum").evaluate("node => node.scrollWidth <= node.clientWidth"), width
