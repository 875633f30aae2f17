"""A follow-up that was done, and a call that was noted, are taken back where that is offered; nothing is left of them."""

import re

import pytest

from crm_pipeline.tests.page.looking import expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

HARBOUR, TYPED = "Racking for the harbour", "They want it in grey"


@pytest.fixture
def show(open_page):
	return lambda path="/pipeline": Pipeline(open_page(path, user=SALESPERSON))


@pytest.fixture
def due(opportunities):
	"""When the follow-up of a new opportunity was due."""
	moment = opportunities.moment(-1)
	opportunities.make(HARBOUR, next_contact_date=moment, next_contact_by=SALESPERSON)
	return moment


def take_back(pipeline):
	pipeline.notice.get_by_role("button", name="Undo").click()
	pipeline.expect_said("Undone")


def assert_nothing_left(opportunities, due):
	assert opportunities.of(HARBOUR)["next_contact_date"] == due
	said = [row for row in opportunities.said(HARBOUR) if row["kind"] in ("Call", "Note", "Meeting")]
	assert said == []


def test_done_as_a_call_in_my_day(show, opportunities, due):
	pipeline = show("/pipeline?view=day")
	pipeline.button(f"Done: {HARBOUR}").click()
	dialog = pipeline.dialog(f"Follow-up Done: {HARBOUR}")
	dialog.get_by_label("Outcome").fill(TYPED)
	dialog.get_by_label("It was a call").check()
	dialog.get_by_role("button", name="Done").click()
	pipeline.expect_said(f"Follow-up Done: {HARBOUR}")
	expect(pipeline.button(f"Done: {HARBOUR}")).to_be_hidden()
	take_back(pipeline)
	expect(pipeline.button(f"Done: {HARBOUR}")).to_be_visible()
	assert_nothing_left(opportunities, due)


def test_a_call_in_the_panel_by_key(show, opportunities, due):
	pipeline = show()
	panel = pipeline.open(HARBOUR)
	said = panel.get_by_role("region", name="What was said")
	panel.locator(".composer").get_by_text("Call", exact=True).click()
	expect(panel.get_by_label("This was the next contact of", exact=False)).to_be_checked()
	panel.get_by_label("What was said on the phone").fill(TYPED)
	panel.get_by_role("button", name="Save", exact=True).click()
	pipeline.expect_said("Call noted")
	expect(said).to_contain_text(TYPED)
	pipeline.link(HARBOUR).focus()
	pipeline.keyboard.press("z")
	pipeline.expect_said("Undone")
	expect(said).not_to_contain_text(TYPED)
	expect(said).not_to_contain_text(re.compile("Follow-up|Undone"))
	assert_nothing_left(opportunities, due)


def test_a_call_and_a_note_from_a_card(show, opportunities, due):
	for key, title, label in (("c", "Call", "What was said"), ("n", "Note", "Note")):
		pipeline = show()
		pipeline.link(HARBOUR).focus()
		pipeline.keyboard.press(key)
		dialog = pipeline.dialog(f"{title}: {HARBOUR}")
		dialog.get_by_label(label, exact=True).fill(TYPED)
		dialog.get_by_role("button", name="Save").click()
		pipeline.expect_said(f"{title} saved: {HARBOUR}")
		take_back(pipeline)
		assert_nothing_left(opportunities, due)
