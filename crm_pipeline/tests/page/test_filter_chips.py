"""The chips that say what is filtered by: named, taken off by pointer, key and touch, on one line however many they are."""

import pytest

from crm_pipeline.tests.page.browser import PHONE, SIZES, WIDE, Size
from crm_pipeline.tests.page.looking import assert_accessible, assert_no_overflow, assert_sound, expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import MANAGER, SALESPERSON

CRANE, RACKING = "Crane for the chips", "Racking for the chips"
TWO = "/pipeline?scope=all&text=chips&source=Campaign&closing=none"
MANY = (
	f"/pipeline?scope=all&closing=this_quarter&changed=last_week&owner={SALESPERSON}&owner={MANAGER}&owner="
	f"&source=Campaign&source=Reference&type=Sales&tag=Fair&postponed={SALESPERSON}&min=1000&max=25000.5"
)
ONE_LINE = "node => node.offsetHeight"


@pytest.fixture
def show(open_page):
	return lambda path, **options: Pipeline(open_page(path, **options))


def chips(pipeline: Pipeline):
	return pipeline.filters.get_by_role("button", name="remove filter")


def texts(pipeline: Pipeline) -> list[str]:
	return [text.strip() for text in pipeline.page.locator(".filter-line button").all_inner_texts()]


@pytest.fixture
def two(opportunities):
	opportunities.make(CRANE, source="Campaign")
	opportunities.make(RACKING, source="Reference", expected_closing=opportunities.day(40))


def test_each_says_what_it_is_and_one_click_takes_it_off(show, two):
	pipeline = show(TWO)
	expect(pipeline.link(CRANE)).to_be_visible()
	expect(pipeline.link(RACKING)).to_have_count(0)
	assert texts(pipeline) == ["Expected Closing: None Set", "Source: Campaign"]
	pipeline.button("Source: Campaign: remove filter").click()
	expect(chips(pipeline)).to_have_text(["Expected Closing: None Set"])
	assert "source" not in pipeline.page.url
	expect(pipeline.link(RACKING)).to_have_count(0)
	pipeline.button("Expected Closing: None Set: remove filter").click()
	expect(pipeline.filters).to_be_hidden()
	expect(pipeline.link(RACKING)).to_be_visible()
	pipeline.page.go_back()
	expect(chips(pipeline)).to_have_text(["Expected Closing: None Set"])


def test_by_the_keyboard_the_focus_goes_to_what_is_left(show, two):
	pipeline = show(f"{TWO}&tag=Fair")
	pipeline.button("Expected Closing: None Set: remove filter").press("Enter")
	expect(pipeline.button("Source: Campaign: remove filter")).to_be_focused()
	pipeline.keyboard.press("Tab")
	expect(pipeline.button("Tag: Fair: remove filter")).to_be_focused()
	pipeline.keyboard.press("Space")
	expect(pipeline.button("Source: Campaign: remove filter")).to_be_focused()
	pipeline.keyboard.press("Enter")
	expect(pipeline.button("Filter")).to_be_focused()
	expect(pipeline.link(RACKING)).to_be_visible()


def test_all_are_cleared_at_once_but_scope_and_search_stay(show, two):
	pipeline = show(TWO)
	pipeline.button("Clear Filters").click()
	expect(pipeline.link(RACKING)).to_be_visible()
	expect(pipeline.button("Filter")).to_be_focused()
	assert "text=chips" in pipeline.page.url and "scope=all" in pipeline.page.url


def test_people_are_named_though_nothing_of_theirs_is_shown(show, rest):
	pipeline = show(MANY, size=Size(2400, 900))
	names = {user: rest.get("User", user)["full_name"] for user in (SALESPERSON, MANAGER)}
	assert texts(pipeline) == [
		"Expected Closing: This Quarter",
		"Changed: In the Last Week",
		f"Owner: {names[SALESPERSON]}",
		f"Owner: {names[MANAGER]}",
		"Owner: No owner",
		"Source: Campaign",
		"Source: Reference",
		"Type: Sales",
		"Tag: Fair",
		f"Postponed by: {names[SALESPERSON]}",
		"Value: ≥ $1,000.00 · ≤ $25,000.50",
	]


@pytest.mark.parametrize("width", [900, 1440])
def test_what_has_no_room_on_the_line_is_counted(show, width):
	pipeline = show(MANY, size=Size(width, 900))
	more = pipeline.filters.get_by_role("button", name="more")
	expect(more).to_be_visible()
	shown, all_of_them = chips(pipeline).count(), len(texts(pipeline))
	assert 1 < shown < all_of_them
	expect(more).to_have_text(f"+{all_of_them - shown}")
	assert pipeline.filters.evaluate(ONE_LINE) < 50
	assert_no_overflow(pipeline.page)
	pipeline.page.set_viewport_size({"width": 2600, "height": 900})
	expect(more).to_have_count(0)
	pipeline.page.set_viewport_size({"width": width, "height": 900})
	more.click()
	expect(pipeline.dialog("Filters").get_by_role("checkbox", name="Fair")).to_be_checked()


def test_on_a_phone_the_line_is_scrolled(show):
	pipeline = show(MANY, size=PHONE)
	last = chips(pipeline).last
	expect(last).to_contain_text("Value")
	expect(last).not_to_be_in_viewport()
	last.scroll_into_view_if_needed()
	last.tap()
	expect(chips(pipeline).last).to_contain_text("Postponed by")
	assert_no_overflow(pipeline.page)


def test_what_is_no_amount_is_shown_as_it_is(show, console):
	console.allow("status of 417")
	pipeline = show("/pipeline?min=many&closing=some_day&tag=%3Cb%3Ebold%3C%2Fb%3E")
	assert texts(pipeline) == ["Expected Closing: some_day", "Tag: <b>bold</b>", "Value: ≥ many"]
	chips(pipeline).first.click()
	expect(chips(pipeline)).to_have_count(2)


def test_their_looks(show):
	pipeline = show(MANY, size=WIDE)
	assert_sound(pipeline.page, sizes=list(SIZES))


def test_in_german(show):
	pipeline = show(MANY, language="de", size=Size(900, 900))
	assert_no_overflow(pipeline.page)
	assert_accessible(pipeline.page)
