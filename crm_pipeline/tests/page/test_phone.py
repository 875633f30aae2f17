"""The page on a phone, by touch."""

import pytest

from crm_pipeline.tests.page.browser import PHONE, SMALL_PHONE
from crm_pipeline.tests.page.looking import assert_no_overflow, expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

HARBOUR = "Racking for the harbour"
SMALL = """() => [...document.querySelectorAll("button, select, summary, .dialog a")].filter((each) => {
	const box = each.getBoundingClientRect();
	const isSeen = box.width && each.checkVisibility({ visibilityProperty: true, opacityProperty: true });
	return isSeen && (box.height < 24 || box.width < 24);
}).map((each) => each.outerHTML.slice(0, 160))"""
CUT = "node => node.scrollWidth > node.clientWidth"


@pytest.fixture
def phone(open_page, opportunities):
	opportunities.make(HARBOUR, next_contact_date=opportunities.moment(-1), next_contact_by=SALESPERSON)
	return lambda path="/pipeline", **options: Pipeline(
		open_page(path, **{"user": SALESPERSON, "size": PHONE} | options)
	)


def test_the_day_is_worked_by_touch(phone, opportunities):
	pipeline = phone()
	pipeline.button("My Day").tap()
	pipeline.button(f"Done: {HARBOUR}").tap()
	dialog = pipeline.dialog(f"Follow-up Done: {HARBOUR}")
	dialog.get_by_label("Outcome").fill("They call back")
	dialog.get_by_text("Tomorrow").tap()
	assert_no_overflow(pipeline.page)
	dialog.get_by_role("button", name="Done").tap()
	pipeline.expect_said("Follow-up Done")
	assert opportunities.of(HARBOUR)["next_contact_date"] == opportunities.moment(1)


def test_a_sheet_offers_what_the_mouse_drags(phone, opportunities):
	pipeline = phone()
	pipeline.button(f"All actions: {HARBOUR}").tap()
	pipeline.dialog(HARBOUR).get_by_role("button", name="Move to a Stage").tap()
	dialog = pipeline.dialog(f"Move: {HARBOUR}")
	dialog.get_by_text("Quoting").tap()
	dialog.get_by_role("button", name="Move").tap()
	pipeline.expect_said(f"{HARBOUR} moved to Quoting")
	assert opportunities.of(HARBOUR)["sales_stage"] == "Quoting"
	pipeline.notice.get_by_role("button", name="Undo").tap()
	pipeline.expect_said("Undone")
	assert opportunities.of(HARBOUR)["sales_stage"] == "Lead"


def test_the_panel_takes_the_screen_and_gives_it_back(phone, opportunities):
	pipeline = phone()
	pipeline.link(HARBOUR).tap()
	panel = pipeline.opened(HARBOUR)
	expect(pipeline.main).to_be_hidden()
	assert_no_overflow(pipeline.page)
	panel.get_by_label("What is worth knowing").fill("Typed on the train")
	panel.get_by_role("button", name="Save", exact=True).tap()
	pipeline.expect_said("Note added")
	assert "Typed on the train" in opportunities.said(HARBOUR)[0]["content"]
	panel.get_by_role("button", name="Back", exact=True).first.tap()
	expect(pipeline.link(HARBOUR)).to_be_visible()


@pytest.mark.parametrize("view", ["board", "list", "forecast", "day", "activities"])
def test_what_is_touched_is_large_enough(phone, view):
	pipeline = phone(f"/pipeline?view={view}")
	expect(pipeline.link(HARBOUR)).to_be_attached()
	assert not pipeline.page.evaluate(SMALL)


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE])
@pytest.mark.parametrize("language", ["en", "de"])
def test_my_day_cuts_no_amount_and_shows_its_buttons(phone, opportunities, size, language):
	opportunities.make("Crane", opportunity_amount=29000, expected_closing=opportunities.day(-9))
	pipeline = phone("/pipeline?view=day&scope=all&text=crane", size=size, language=language)
	row = pipeline.main.locator(".day-row").first
	expect(row.get_by_role("button").first).to_be_visible()
	assert row.locator(".day-actions").evaluate("node => node.checkVisibility({ opacityProperty: true })")
	assert not [each for each in row.locator(".worth strong, .state").all() if each.evaluate(CUT)]
	assert_no_overflow(pipeline.page)


@pytest.mark.parametrize("state", ["", "&state=lost"])
def test_the_list_gives_the_title_a_line_of_its_own(phone, opportunities, rest, state):
	title = "Racking, phase two"
	name = opportunities.make(title, opportunity_amount=123456)
	if state:
		reason = rest.get_list("Lost Reason", {}, "name")[0]["name"]
		rest.call("crm_pipeline.api.moves.declare_lost", opportunity=name, lost_reasons=[reason])
	pipeline = phone(f"/pipeline?view=list&scope=all&text=phase+two{state}")
	assert not pipeline.link(title).evaluate(CUT)
	row = pipeline.main.locator(".scroll .row").first
	top, bottom = row.bounding_box()["y"], row.bounding_box()["y"] + row.bounding_box()["height"]
	for part in row.locator("a, small, .cell-amount, button").all():
		if part.is_visible():
			box = part.bounding_box()
			assert top <= box["y"] and box["y"] + box["height"] <= bottom
