"""From one opportunity to the next in the panel, through all that is shown, and its place among that."""

import re

import pytest

from crm_pipeline.tests.page.browser import PHONE
from crm_pipeline.tests.page.looking import assert_accessible, expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

TITLE = "Zigzag {}"
MANY = 75  # more than two portions of a column, and more than one of the list
ALONE = "/pipeline?scope=all&text=zigzag"
REQUIRED = {"proposed_solution": "As discussed"}  # by the demo's last stage
LISTS = re.compile("get_cards|get_list")


@pytest.fixture
def show(open_page):
	return lambda path=ALONE, **options: Pipeline(open_page(path, **{"user": SALESPERSON} | options))


def go(pipeline: Pipeline, direction: str):
	pipeline.panel.get_by_role("button", name=f"{direction} opportunity").click()


def expect_at(pipeline: Pipeline, title: str, place: str) -> None:
	pipeline.opened(title)
	expect(pipeline.panel.locator(".place")).to_have_text(place)


class TestTheWay:
	def test_goes_on_into_the_next_column_and_back(self, show, opportunities):
		days = {"Lead": (5, 6), "Quoting": (7,), "Closing": (8,)}
		for stage, closings in days.items():
			for day in closings:
				opportunities.make(
					TITLE.format(f"{stage} {day}"),
					sales_stage=stage,
					expected_closing=opportunities.day(day),
					**REQUIRED,
				)
		way = [TITLE.format(each) for each in ("Lead 5", "Lead 6", "Quoting 7", "Closing 8")]
		pipeline = show()
		pipeline.open(way[0])
		expect(pipeline.button("Previous opportunity")).to_be_disabled()
		for place, title in enumerate(way, 1):
			expect_at(pipeline, title, f"{place} of 4")
			if place < 4:
				go(pipeline, "Next")
		expect(pipeline.button("Next opportunity")).to_be_disabled()
		expect(pipeline.link(way[3])).to_have_attribute("aria-current", "true")
		for place in (3, 2, 1):
			go(pipeline, "Previous")
			expect_at(pipeline, way[place - 1], f"{place} of 4")
		pipeline.panel.press("j")
		pipeline.panel.press("j")
		expect_at(pipeline, way[2], "3 of 4")
		pipeline.keyboard.press("Escape")
		expect(pipeline.link(way[2])).to_be_focused()
		assert_accessible(pipeline.page)

	def test_a_column_out_of_sight_comes_into_sight_on_a_narrow_board(self, show, opportunities):
		opportunities.make(TITLE.format(1))
		opportunities.make(
			TITLE.format(2), sales_stage="Closing", expected_closing=opportunities.day(8), **REQUIRED
		)
		pipeline = show(size=PHONE)
		pipeline.open(TITLE.format(1))
		go(pipeline, "Next")
		expect_at(pipeline, TITLE.format(2), "2 of 2")
		pipeline.panel.get_by_role("button", name="Back", exact=True).first.tap()
		expect(pipeline.link(TITLE.format(2))).to_be_focused()
		expect(pipeline.link(TITLE.format(2))).to_be_in_viewport()

	@pytest.mark.parametrize("view", ["board", "list"])
	def test_reads_what_is_not_loaded_and_then_leaves_the_column(self, show, opportunities, view):
		opportunities.make_many("Zigzag {}", MANY, expected_closing=opportunities.day(5))
		opportunities.make("Zigzag at the end", sales_stage="Quoting", expected_closing=opportunities.day(9))
		pipeline = show(f"{ALONE}&view={view}")
		expect(pipeline.link("Zigzag 0")).to_have_count(1)
		pipeline.main.get_by_role("listitem").first.get_by_role("link").click()
		place = pipeline.panel.locator(".place")
		for number in range(1, MANY + 1):
			expect(place).to_have_text(f"{number} of {MANY + 1}")
			go(pipeline, "Next")
		expect_at(pipeline, "Zigzag at the end", f"{MANY + 1} of {MANY + 1}")

	def test_stays_where_it_is_if_nothing_can_be_read(self, show, opportunities, console):
		opportunities.make_many("Zigzag {}", MANY)
		pipeline = show()
		last = pipeline.column("Lead").get_by_role("listitem").nth(0)
		expect(last).to_be_visible()
		console.allow("net::ERR_FAILED")
		pipeline.page.route(LISTS, lambda route: route.abort())
		pipeline.column("Lead").locator(".scroll").evaluate("node => node.scrollTo(0, 1e6)")
		expect(pipeline.condition).to_be_visible()
		pipeline.column("Lead").get_by_role("link").last.click()
		place = pipeline.panel.locator(".place")
		expect(place).to_contain_text(f"of {MANY}")
		before = place.inner_text()
		go(pipeline, "Next")
		pipeline.page.wait_for_timeout(300)
		expect(place).to_have_text(before)
		pipeline.page.unroute(LISTS)
		go(pipeline, "Next")
		expect(place).not_to_have_text(before)
