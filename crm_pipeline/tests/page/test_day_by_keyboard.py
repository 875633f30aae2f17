"""A salesperson's day with the keyboard alone."""

import pytest

from crm_pipeline.tests.page.looking import expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

HARBOUR, QUARRY, CRANE = "Racking for the harbour", "Trucks for the quarry", "Crane for the shipyard"


@pytest.fixture
def show(open_page):
	return lambda path="/pipeline": Pipeline(open_page(path, user=SALESPERSON))


def type_on(pipeline, *keys):
	for key in keys:
		pipeline.keyboard.press(key)


def go_to(pipeline, title):
	"""Walk to a card of the first column with `j`."""
	type_on(pipeline, "j", "Home")
	for _ in range(30):
		if pipeline.link(title).count() and pipeline.link(title).evaluate(
			"node => node === document.activeElement"
		):
			return
		type_on(pipeline, "j")
		pipeline.page.wait_for_timeout(30)
	raise AssertionError(f"No way to {title}")


def choose(pipeline, legend, option):
	"""Go to a group of choices with Tab, and to one of them with the arrows."""
	group = pipeline.dialog().get_by_role("group", name=legend)
	for _ in range(20):
		if group.locator(":focus").count():
			break
		type_on(pipeline, "Tab")
	wanted = group.get_by_role("radio", name=option)
	for _ in range(10):
		if wanted.is_checked():
			return
		type_on(pipeline, "ArrowDown")
	raise AssertionError(f"No way to {option}")


class TestTheBoard:
	def test_focus_goes_from_card_to_card(self, show, opportunities):
		for number in range(3):
			opportunities.make(f"Lane {number}")
		pipeline = show()
		focused = pipeline.main.locator("article :focus")
		type_on(pipeline, "j")
		expect(focused).to_have_count(1)
		first = focused.inner_text()
		type_on(pipeline, "j")
		expect(focused).not_to_have_text(first)
		type_on(pipeline, "k")
		expect(focused).to_have_text(first)
		type_on(pipeline, "ArrowRight")
		expect(pipeline.column("Lead").locator("article :focus")).to_have_count(0)
		expect(focused).to_have_count(1)
		type_on(pipeline, "ArrowLeft", "End")
		expect(pipeline.column("Lead").locator("article :focus")).to_have_count(1)
		assert pipeline.column("Lead").locator("article a[tabindex='0']").count() == 1, (
			"one stop for the tab key"
		)

	def test_a_card_is_carried_and_the_move_undone(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline = show()
		go_to(pipeline, CRANE)
		type_on(pipeline, "Space")
		spoken = pipeline.page.get_by_role("status")
		expect(spoken).to_contain_text("picked up")
		type_on(pipeline, "ArrowRight", "ArrowRight")
		expect(spoken).to_have_text("Quoting")
		type_on(pipeline, "Escape")
		expect(spoken).to_have_text("Left where it was")
		type_on(pipeline, "Space", "ArrowRight", "Space")
		pipeline.expect_said(f"{CRANE} moved to Pitching")
		expect(pipeline.link(CRANE)).to_be_focused()
		assert opportunities.of(CRANE)["sales_stage"] == "Pitching"
		type_on(pipeline, "z")
		pipeline.expect_said("Undone")
		pipeline.expect_in("Lead", CRANE)
		assert opportunities.of(CRANE)["sales_stage"] == "Lead"
		expect(pipeline.link(CRANE)).to_be_focused()

	def test_one_key_does_one_thing(self, show, opportunities):
		opportunities.make(
			HARBOUR, next_contact_date=opportunities.moment(-1), opportunity_amount=700, currency="USD"
		)
		pipeline = show()
		go_to(pipeline, HARBOUR)
		type_on(pipeline, "a")
		pipeline.expect_said(f"{HARBOUR} moved to Pitching")
		expect(pipeline.link(HARBOUR)).to_be_focused()
		type_on(pipeline, "b")
		pipeline.expect_said(f"{HARBOUR} moved to Lead")
		expect(pipeline.link(HARBOUR)).to_be_focused()
		assert opportunities.of(HARBOUR)["sales_stage"] == "Lead"

		type_on(pipeline, "n")
		expect(pipeline.dialog(f"Note: {HARBOUR}").get_by_label("Note", exact=True)).to_be_focused()
		pipeline.keyboard.type("j k a ? are letters here")
		type_on(pipeline, "Control+Enter")
		pipeline.expect_said("Note saved")
		expect(pipeline.link(HARBOUR)).to_be_focused()
		assert "j k a ? are letters here" in opportunities.said(HARBOUR)[0]["content"]

		type_on(pipeline, "d")
		expect(pipeline.dialog(f"Follow-up Done: {HARBOUR}").get_by_label("Outcome")).to_be_focused()
		pipeline.keyboard.type("Nobody answered")
		choose(pipeline, "Next Contact", "Tomorrow")
		type_on(pipeline, "Enter")
		pipeline.expect_said("Follow-up Done")
		assert opportunities.of(HARBOUR)["next_contact_date"] == opportunities.moment(1)

		type_on(pipeline, "s")
		expect(pipeline.dialog(f"Snooze: {HARBOUR}")).to_be_visible()
		choose(pipeline, "Next Contact", "In a Week")
		type_on(pipeline, "Enter")
		pipeline.expect_said("postponed")
		assert opportunities.of(HARBOUR)["next_contact_date"] == opportunities.moment(7)

		type_on(pipeline, "p")
		expect(pipeline.dialog(f"Pause: {HARBOUR}")).to_be_visible()
		type_on(pipeline, "Enter")
		pipeline.expect_said("is paused")
		assert opportunities.of(HARBOUR)["status"] == "Paused"
		type_on(pipeline, "p")
		pipeline.expect_said("goes on")
		assert opportunities.of(HARBOUR)["status"] == "Open"

		type_on(pipeline, "w")
		expect(pipeline.dialog(f"Won: {HARBOUR}").get_by_label("Revenue")).to_be_focused()
		type_on(pipeline, "Enter")
		pipeline.expect_said("is won")
		assert opportunities.of(HARBOUR)["close_revenue"] == 700
		expect(pipeline.link(HARBOUR)).to_be_hidden()
		expect(pipeline.main.locator("article :focus")).to_have_count(1)  # the keyboard stays among the cards
		type_on(pipeline, "z")
		pipeline.expect_said("Undone")
		assert opportunities.of(HARBOUR)["status"] == "Open"

	def test_a_quotation_is_made_with_two_keys(self, show, opportunities, rest):
		customer = rest.insert("Customer", customer_name="Quarry Works of Test")["name"]
		opportunities.make(QUARRY, opportunity_from="Customer", party_name=customer)
		pipeline = show()
		go_to(pipeline, QUARRY)
		type_on(pipeline, "q")
		make = pipeline.dialog("Make Quotation").get_by_role("button", name="Make Quotation")
		expect(make).to_be_focused()
		type_on(pipeline, "Enter")
		expect(pipeline.dialog("Quotation made")).to_be_visible()

	def test_lost_and_assigned(self, show, opportunities):
		opportunities.make(QUARRY)
		pipeline = show()
		go_to(pipeline, QUARRY)
		type_on(pipeline, "l")
		reason = pipeline.dialog(f"Lost: {QUARRY}").get_by_role("checkbox").first
		expect(reason).to_be_focused()
		type_on(pipeline, "Space", "Enter")
		pipeline.expect_said("is lost")
		assert len(opportunities.of(QUARRY)["lost_reasons"]) == 1
		type_on(pipeline, "z")
		pipeline.expect_said("Undone")
		pipeline.expect_in("Lead", QUARRY)
		go_to(pipeline, QUARRY)
		type_on(pipeline, "o")
		expect(pipeline.dialog(f"Assign: {QUARRY}").get_by_role("combobox")).to_be_focused()
		pipeline.keyboard.type("priya")
		type_on(pipeline, "Enter")
		pipeline.expect_said("Priya Raman")
		assert opportunities.of(QUARRY)["opportunity_owner"] == "priya.raman@example.com"


class TestThePage:
	def test_panel_search_list_of_keys_and_new(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline = show()
		go_to(pipeline, CRANE)
		type_on(pipeline, "Enter")
		pipeline.opened(CRANE)
		type_on(pipeline, "Escape")
		expect(pipeline.panel).to_be_hidden()
		expect(pipeline.link(CRANE)).to_be_focused()

		type_on(pipeline, "?")
		expect(pipeline.dialog("Keys")).to_contain_text("Undo the last move")
		type_on(pipeline, "Escape")
		expect(pipeline.dialog("Keys")).to_be_hidden()
		expect(pipeline.link(CRANE)).to_be_focused()

		type_on(pipeline, "/")
		expect(pipeline.search).to_be_focused()
		pipeline.keyboard.type("shipyard")
		expect(pipeline.page.get_by_role("option", name=CRANE)).to_be_visible()
		type_on(pipeline, "ArrowDown", "Enter")
		pipeline.opened(CRANE)
		type_on(pipeline, "Escape", "Escape")
		expect(pipeline.panel).to_be_hidden()

		type_on(pipeline, "N")
		expect(pipeline.dialog("New Opportunity").get_by_label("Name")).to_be_focused()
		pipeline.keyboard.type(HARBOUR)
		type_on(pipeline, "Escape")
		expect(pipeline.dialog()).to_be_hidden()
		type_on(pipeline, "N")
		expect(pipeline.dialog("New Opportunity").get_by_label("Name")).to_have_value(HARBOUR)
		type_on(pipeline, "Enter")
		pipeline.opened(HARBOUR)
		assert opportunities.of(HARBOUR)["sales_stage"] == "Lead"

	def test_the_queue_goes_on_to_the_next(self, show, opportunities):
		titles = ["First call at the quay", "Second call at the quay"]
		first = {"next_contact_date": opportunities.moment(-900), "next_contact_by": SALESPERSON}
		for title in titles:
			opportunities.make(title, opportunity_amount=10**9, **first)
		pipeline = show("/pipeline?view=day")
		type_on(pipeline, "j", "Home")
		focused = pipeline.main.locator(".day :focus")
		expect(focused).to_have_count(1)
		expect(focused).to_contain_text("at the quay")  # nobody else's is touched
		before = focused.get_attribute("href")
		type_on(pipeline, "d")
		expect(pipeline.dialog("Follow-up Done").get_by_label("Outcome")).to_be_focused()
		pipeline.keyboard.type("Spoken")
		choose(pipeline, "Next Contact", "Not Planned")
		type_on(pipeline, "Enter")
		pipeline.expect_said("Follow-up Done")
		expect(focused).not_to_have_attribute("href", before)
		expect(focused).to_have_count(1)
