"""Who postponed the most, asked on the page alone, and the list of what each did."""

import pytest

from crm_pipeline.tests.page.browser import PHONE
from crm_pipeline.tests.page.looking import assert_sound, expect
from crm_pipeline.tests.page.pipeline import Opportunities, Pipeline
from crm_pipeline.tests.page.servers import COLLEAGUE, MANAGER, SALESPERSON

TITLE = "Postponed crane"
QUESTION = "Who postponed the most?"
ALONE = "&scope=all&text=postponed+crane"


@pytest.fixture
def show(open_page):
	return lambda path, **options: Pipeline(open_page(path, **{"user": MANAGER} | options))


@pytest.fixture
def postponed(opportunities: Opportunities):
	"""A function that makes an opportunity of somebody, expected to close on each of some days, one after the other."""

	def make(number: int, owner: str, *days: int) -> None:
		first, *later = (opportunities.day(day) for day in days)
		name = opportunities.make(f"{TITLE} {number}", opportunity_owner=owner, expected_closing=first)
		for day in later:
			opportunities.rest.update("Opportunity", name, expected_closing=day)

	return make


@pytest.fixture
def several(postponed) -> None:
	postponed(1, SALESPERSON, 1, 4, 5)
	postponed(2, SALESPERSON, 9, 2)  # brought forward
	postponed(3, COLLEAGUE, 1, 31)


def ranked(pipeline: Pipeline) -> list[list[str]]:
	dialog = pipeline.dialog(QUESTION)
	expect(dialog.get_by_role("table")).to_be_visible()
	rows = dialog.get_by_role("row").all()[1:]
	return [[cell.inner_text() for cell in row.locator("th, td").all()] for row in rows]


@pytest.mark.usefixtures("several")
class TestWhoPostponed:
	def test_the_forecast_says_and_leads_to_the_list(self, show):
		pipeline = show(f"/pipeline?view=forecast{ALONE}")
		pipeline.button(QUESTION).click()
		first, second = ranked(pipeline)
		assert (first[1:], second[1:]) == (["2", "4", "1"], ["1", "30", "1"])
		assert_sound(pipeline.page, sizes=["wide", "phone"])
		pipeline.dialog(QUESTION).get_by_role("button", name=first[0]).click()
		expect(pipeline.link(f"{TITLE} 1")).to_be_visible()
		expect(pipeline.main.get_by_text(f"{TITLE} 2")).to_have_count(0)
		expect(pipeline.filters).to_contain_text(f"Postponed by: {first[0]}")
		pipeline.page.go_back()
		expect(pipeline.main.get_by_role("heading", name="Closing Passed")).to_be_visible()

	def test_the_list_says_by_the_keyboard_and_the_filter_is_taken_off(self, show):
		pipeline = show(f"/pipeline?view=list{ALONE}")
		expect(pipeline.link(f"{TITLE} 2")).to_be_visible()
		pipeline.button(QUESTION).press("Enter")
		_first, second = ranked(pipeline)
		pipeline.keyboard.press("Tab")
		pipeline.keyboard.press("Enter")
		expect(pipeline.link(f"{TITLE} 3")).to_be_visible()
		expect(pipeline.filters).to_contain_text(f"Postponed by: {second[0]}")
		pipeline.keyboard.press("f")
		filters = pipeline.dialog("Filters")
		chips = filters.get_by_role("group", name="Postponed in the last year by")
		expect(chips.get_by_role("checkbox", checked=True)).to_have_count(1)
		filters.get_by_role("button", name="Clear").click()
		filters.get_by_role("button", name="Show").click()
		expect(pipeline.link(f"{TITLE} 2")).to_be_visible()

	def test_on_a_phone(self, show):
		pipeline = show(f"/pipeline?view=list{ALONE}", size=PHONE)
		pipeline.button(QUESTION).click()
		assert len(ranked(pipeline)) == 2

	def test_their_own_is_what_salespeople_ask_about(self, show):
		pipeline = show("/pipeline?view=list&text=postponed+crane", user=SALESPERSON)
		pipeline.button(QUESTION).click()
		assert [row[1:] for row in ranked(pipeline)] == [["2", "4", "1"]]


def test_nobody_did(show, opportunities):
	opportunities.make(TITLE)
	pipeline = show(f"/pipeline?view=forecast{ALONE}")
	pipeline.button(QUESTION).click()
	expect(pipeline.dialog(QUESTION).get_by_role("status")).to_have_text("Nothing was postponed.")
