"""Two people at once on the same opportunities."""

import pytest

from crm_pipeline.tests.page.looking import expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import MANAGER, SALESPERSON

HARBOUR = "Racking for the harbour"
REFUSED = "status of 417"


@pytest.fixture
def both(open_page, opportunities):
	"""Two browsers, of two people, after an opportunity of these values has been made."""

	def open_both(path="/pipeline?scope=all&text=harbour", **values):
		opportunities.make(HARBOUR, **values)
		return [Pipeline(open_page(path, user=user)) for user in (MANAGER, SALESPERSON)]

	return open_both


def test_changes_of_others_come_when_one_returns(both, opportunities):
	one, other = both()
	one.drag(HARBOUR, "Quoting")
	one.expect_said("moved to Quoting")
	other.expect_in("Lead", HARBOUR)
	other.reread()
	other.expect_in("Quoting", HARBOUR)
	expect(other.card(HARBOUR)).to_have_class("card marked")  # as moved by somebody else
	opportunities.make("A second one for the harbour")
	other.reread()
	other.expect_in("Lead", "A second one for the harbour")
	opportunities.rest.delete("Opportunity", opportunities.named(HARBOUR))
	other.reread()
	expect(other.link(HARBOUR)).to_be_hidden()


def test_the_second_who_moves_a_card_is_refused_by_name(both, opportunities, console):
	console.allow(REFUSED)
	one, other = both()
	one.drag(HARBOUR, "Quoting")
	one.expect_said("moved to Quoting")
	with other.unaware():
		other.drag(HARBOUR, "Closing")
	expect(other.page.get_by_role("region", name="Notice")).to_contain_text("Nothing was changed")
	other.expect_in("Quoting", HARBOUR)
	expect(other.column("Closing").get_by_role("link", name=HARBOUR)).to_be_hidden()
	assert opportunities.of(HARBOUR)["sales_stage"] == "Quoting"


def test_a_follow_up_that_somebody_else_has_done_is_not_done_again(both, opportunities, console):
	console.allow(REFUSED)
	one, other = both("/pipeline?view=day&scope=all", next_contact_date=opportunities.moment(-1))
	for pipeline in (one, other):
		pipeline.button(f"Done: {HARBOUR}").click()
		pipeline.dialog("Follow-up Done").get_by_label("Outcome").fill("Spoken")
		pipeline.dialog("Follow-up Done").get_by_text("In a Week").click()
	one.dialog("Follow-up Done").get_by_role("button", name="Done").click()
	one.expect_said("Follow-up Done")
	dialog = other.dialog("Follow-up Done")
	dialog.get_by_role("button", name="Done").click()
	expect(dialog.get_by_role("alert")).to_contain_text("is done already")
	expect(dialog.get_by_label("Outcome")).to_have_value("Spoken")
	assert opportunities.of(HARBOUR)["next_contact_date"] == opportunities.moment(7)
	assert len([row for row in opportunities.said(HARBOUR) if "Spoken" in row["content"]]) == 1


def test_a_value_that_somebody_else_has_changed_is_not_overwritten(both, opportunities, console):
	console.allow(REFUSED)
	_one, other = both(opportunity_amount=100, currency="USD")
	panel = other.open(HARBOUR)
	panel.get_by_role("button", name="Opportunity Amount:").click()
	opportunities.rest.update("Opportunity", opportunities.named(HARBOUR), opportunity_amount=200)
	field = panel.get_by_role("textbox", name="Opportunity Amount")
	field.fill("300")
	field.press("Enter")
	expect(panel.get_by_role("alert").filter(has_text="Opportunity Amount")).to_be_visible()
	expect(field).to_have_value("300")
	assert opportunities.of(HARBOUR)["opportunity_amount"] == 200
	field.press("Enter")  # knowing of the other's
	other.expect_said("saved")
	assert opportunities.of(HARBOUR)["opportunity_amount"] == 300


def test_the_panel_follows_what_others_do(both, opportunities):
	_one, other = both()
	panel = other.open(HARBOUR)
	panel.get_by_label("What is worth knowing").fill("Half a")
	opportunities.move(HARBOUR, "Pitching")
	other.reread()
	stage = panel.get_by_role("listitem").filter(has_text="Pitching").first
	expect(stage).to_have_attribute("aria-current", "step")
	expect(panel.get_by_label("What is worth knowing")).to_have_value("Half a")
