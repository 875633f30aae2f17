"""What the panel tells of an opportunity that is not among what is shown, and what shows it."""

import pytest

from crm_pipeline.tests.page.looking import assert_accessible, assert_sound, expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

TITLE = "Zigzag {}"
MANY = 75  # more than two portions of a column, and more than one of the list
ALONE = "/pipeline?scope=all&text=zigzag"
OTHER = "Tenders"


@pytest.fixture
def show(open_page):
	return lambda path=ALONE, **options: Pipeline(open_page(path, **{"user": SALESPERSON} | options))


def expect_at(pipeline: Pipeline, title: str, place: str) -> None:
	pipeline.opened(title)
	expect(pipeline.panel.locator(".place")).to_have_text(place)


class TestNotInView:
	def notice(self, pipeline: Pipeline):
		return pipeline.panel.locator(".out-of-view")

	def test_nothing_is_told_of_what_is_shown(self, show, opportunities):
		name = opportunities.make(TITLE.format(1))
		pipeline = show(f"{ALONE}#{name}")
		expect_at(pipeline, TITLE.format(1), "1 of 1")
		expect(self.notice(pipeline)).to_have_count(0)

	@pytest.mark.parametrize("view", ["board", "list", "forecast"])
	def test_what_filters_leave_out(self, show, opportunities, view):
		name = opportunities.make(TITLE.format(1), source="Campaign")
		pipeline = show(f"/pipeline?view={view}&scope=mine&text=zzz&state=overdue&source=Reference#{name}")
		pipeline.opened(TITLE.format(1))
		expect(self.notice(pipeline)).to_contain_text("Not in view: scope, search or filters leave it out.")
		assert_accessible(pipeline.page, "#panel")
		self.notice(pipeline).get_by_role("button", name="Clear Filters").press("Enter")
		expect(pipeline.panel.locator("#panel, :scope").first).to_be_focused()
		expect(self.notice(pipeline).filter(has_text="filters")).to_have_count(0)
		assert "scope=all" in pipeline.page.url and "zzz" not in pipeline.page.url

	def test_what_has_ended(self, show, opportunities):
		lately, long_ago = (
			opportunities.make(TITLE.format(each), transaction_date=opportunities.day(-60))
			for each in ("lately", "long ago")
		)
		for name, day in ((lately, -1), (long_ago, -31)):
			opportunities.rest.call(
				"crm_pipeline.api.moves.mark_won", opportunity=name, closed_on=opportunities.day(day)
			)
		pipeline = show(f"{ALONE}#{long_ago}")
		expect(self.notice(pipeline)).to_have_text("Not in view: it has ended.")
		pipeline = show(f"{ALONE}#{lately}")
		self.notice(pipeline).get_by_role("button", name="Show in the List").click()
		expect(pipeline.link(TITLE.format("lately"))).to_be_visible()
		expect(self.notice(pipeline)).to_have_count(0)
		expect_at(pipeline, TITLE.format("lately"), "1 of 1")

	def test_what_is_of_another_process(self, show, opportunities, rest):
		stages = [{"sales_stage": "Lead", "probability": 10}, {"sales_stage": "Quoting", "probability": 30}]
		ends = [{"sales_stage": "Won", "probability": 100}, {"sales_stage": "Lost", "probability": 0}]
		rest.insert("Sales Process", process_name=OTHER, stages=[*stages, *ends])
		name = opportunities.make(TITLE.format(1), sales_process=OTHER)
		pipeline = show(f"{ALONE}#{name}")
		expect(self.notice(pipeline)).to_contain_text(f"Not in view: its sales process is {OTHER}.")
		self.notice(pipeline).get_by_role("button", name=f"Show {OTHER}").click()
		pipeline.expect_in("Lead", TITLE.format(1))
		expect(self.notice(pipeline)).to_have_count(0)

	@pytest.mark.parametrize("view", ["board", "list"])
	def test_what_is_further_down(self, show, opportunities, view):
		opportunities.make_many("Zigzag {}", MANY, expected_closing=opportunities.day(5))
		name = opportunities.make("Zigzag at the end", expected_closing=opportunities.day(900))
		pipeline = show(f"{ALONE}&view={view}#{name}")
		expect(self.notice(pipeline)).to_contain_text("Not in view yet: it is further down.")
		self.notice(pipeline).get_by_role("button", name="Go There").click()
		expect(pipeline.link("Zigzag at the end")).to_be_in_viewport()
		expect(self.notice(pipeline)).to_have_count(0)
		expect(pipeline.panel.locator(".place")).to_contain_text("of")

	def test_one_found_by_search(self, show, opportunities):
		opportunities.make(TITLE.format("of another"), next_contact_date=opportunities.moment(3))
		pipeline = show("/pipeline?scope=all&state=overdue")
		pipeline.search.fill("zigzag of another")
		pipeline.page.get_by_role("option", name=TITLE.format("of another")).first.click()
		expect(self.notice(pipeline)).to_contain_text("filters leave it out")

	def test_its_looks(self, show, opportunities):
		name = opportunities.make(TITLE.format(1))
		pipeline = show(f"/pipeline?text=zzz#{name}")
		expect(self.notice(pipeline)).to_be_visible()
		assert_sound(pipeline.page, sizes=["wide", "phone", "small phone"])
