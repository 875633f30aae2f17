"""Two people at once on the same opportunities."""

import pytest

from crm_pipeline.tests.page.looking import expect
from crm_pipeline.tests.page.pipeline import MOVES, Pipeline
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
		other.drag(HARBOUR, "Pitching")
	expect(other.page.get_by_role("region", name="Notice")).to_contain_text("Nothing was changed")
	other.expect_in("Quoting", HARBOUR)
	expect(other.column("Pitching").get_by_role("link", name=HARBOUR)).to_be_hidden()
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


class TestNews:
	"""What others changed is said with what matters of it."""

	def test_of_one(self, both, opportunities):
		_one, other = both(opportunity_owner=SALESPERSON)
		name = opportunities.named(HARBOUR)
		until = opportunities.day(40)
		opportunities.rest.call(f"{MOVES}.pause", opportunity=name, until=until)
		other.reread()
		other.expect_said(f"{HARBOUR}: paused until {opportunities.written(40)}")
		expect(other.page.get_by_role("status").first).to_contain_text("paused until")
		opportunities.rest.call(f"{MOVES}.resume", opportunity=name)
		values = {
			"opportunity_owner": MANAGER,
			"next_contact_by": MANAGER,
			"next_contact_date": opportunities.moment(50),
			"expected_closing": opportunities.day(60),
		}
		opportunities.rest.update("Opportunity", name, **values)
		other.reread()
		other.expect_said("goes on · reassigned to Maya Lindqvist · next contact ")
		other.expect_said(f"Expected Closing {opportunities.written(60)}")
		opportunities.rest.call(f"{MOVES}.declare_lost", opportunity=name, lost_reasons=["Price", "Timing"])
		other.reread()
		other.expect_said(f"{HARBOUR}: lost: Price, Timing")

	def test_of_what_the_list_of_the_lost_shows(self, both, opportunities):
		opportunities.make("A gate for the harbour")
		lost = opportunities.named("A gate for the harbour")
		opportunities.rest.call(f"{MOVES}.declare_lost", opportunity=lost, lost_reasons=["Price"])
		_one, other = both("/pipeline?view=list&state=lost&scope=all&text=harbour")
		expect(other.link("A gate for the harbour")).to_be_visible()
		opportunities.rest.call(f"{MOVES}.reopen", opportunity=lost)
		other.reread()
		other.expect_said("A gate for the harbour: open again")

	def test_of_several(self, both, opportunities):
		opportunities.make_many("{} harbour", 6)
		_one, other = both()
		for number in range(6):
			opportunities.move(f"{number} harbour", "Quoting")
		other.reread()
		other.expect_said("Others changed 6 opportunities")
		other.expect_said("harbour: moved to Quoting")
		other.expect_said("and 2 more")

	def test_an_undo_is_not_taken_away_by_it(self, both, opportunities):
		_one, other = both()
		opportunities.make("A second one for the harbour")
		other.reread()
		other.drag(HARBOUR, "Quoting")
		other.expect_said(f"{HARBOUR} moved to Quoting")
		opportunities.move("A second one for the harbour", "Pitching")
		other.reread()
		expect(other.page.get_by_role("status").first).to_contain_text(
			"A second one for the harbour: moved to Pitching"
		)
		expect(other.notice.get_by_role("button", name="Undo")).to_be_visible()

	def test_what_one_does_oneself_names_it_too(self, both, opportunities):
		_one, other = both()
		other.open(HARBOUR).get_by_role("button", name="Pause", exact=True).click()
		dialog = other.dialog(f"Pause: {HARBOUR}")
		dialog.get_by_text("In a Month").click()
		dialog.get_by_role("button", name="Pause", exact=True).click()
		other.expect_said(f"{HARBOUR} is paused until ")


class TestCopies:
	NUMBER, ADDRESS = "+49 30 123456", "harbour@example.com"

	@pytest.mark.parametrize("is_secure", [True, False])
	def test_number_and_address_by_the_keyboard(self, open_page, opportunities, is_secure):
		opportunities.make(HARBOUR, contact_mobile=self.NUMBER, contact_email=self.ADDRESS)
		page = open_page("/pipeline?scope=all&text=harbour", user=SALESPERSON)
		page.context.grant_permissions(["clipboard-read", "clipboard-write"])
		if not is_secure:
			page.evaluate(
				"Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })"
			)
		pipeline = Pipeline(page)
		panel = pipeline.open(HARBOUR)
		for text in (self.NUMBER, self.ADDRESS):
			button = panel.get_by_role("button", name=f"Copy {text}", exact=True)
			button.press("Enter")
			pipeline.expect_said(f"Copied: {text}")
			expect(page.get_by_role("status").filter(has_text="Copied")).to_have_text(f"Copied: {text}")
			expect(button).to_be_focused()
			if not is_secure:
				page.evaluate("delete navigator.clipboard")
			assert page.evaluate("navigator.clipboard.readText()") == text
			if not is_secure:
				page.evaluate(
					"Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })"
				)
