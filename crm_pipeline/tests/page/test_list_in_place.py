"""Amount, expected closing and next contact edited in the list: at once, undone, refused where they were entered."""

import re

import pytest

from crm_pipeline.tests.page.browser import PHONE
from crm_pipeline.tests.page.looking import assert_accessible, assert_sound, expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

CRANE = "Crane in place"
LIST = "/pipeline?view=list&scope=all&text=in+place"
AMOUNT, NEXT = f"Amount of {CRANE}", f"Next contact of {CRANE}"
SET = re.compile("moves.set_values")


@pytest.fixture
def show(open_page):
	return lambda path=LIST, **options: Pipeline(open_page(path, **{"user": SALESPERSON} | options))


def cell(pipeline: Pipeline, label: str):
	"""The button that says the value."""
	return pipeline.main.get_by_role("button", name=label)


def entry(pipeline: Pipeline, label: str):
	return pipeline.main.get_by_label(label, exact=True)


def enter(pipeline: Pipeline, label: str, text: str, key: str = "Enter") -> None:
	cell(pipeline, label).click()
	expect(entry(pipeline, label)).to_be_focused()
	entry(pipeline, label).fill(text)
	pipeline.keyboard.press(key)


def assert_taken(pipeline: Pipeline, opportunities) -> None:
	"""Enter the amount of 900 that stands there, and expect it to be shown and stored."""
	pipeline.keyboard.press("Enter")
	expect(cell(pipeline, AMOUNT)).to_contain_text("$900.00")
	opportunities.later(lambda: opportunities.of(CRANE)["opportunity_amount"] == 900)


class TestAmount:
	def test_it_is_set_at_once_and_undone(self, show, opportunities):
		opportunities.make(CRANE, opportunity_amount=800)
		pipeline = show()
		held = []
		pipeline.page.route(SET, lambda route: held.append(route))
		enter(pipeline, AMOUNT, "1,250.50")
		expect(cell(pipeline, AMOUNT)).to_contain_text("1,250.50")
		expect(cell(pipeline, AMOUNT)).to_be_focused()
		pipeline.page.wait_for_timeout(200)
		assert len(held) == 1, "Enter and the loss of the focus send once"
		held[0].continue_()
		pipeline.page.unroute(SET)
		pipeline.expect_said("Saved")
		expect(cell(pipeline, AMOUNT)).to_contain_text("$1,250.50")
		assert opportunities.of(CRANE)["opportunity_amount"] == 1250.5
		pipeline.keyboard.press("z")
		pipeline.expect_said("Undone")
		expect(cell(pipeline, AMOUNT)).to_contain_text("$800.00")
		assert opportunities.of(CRANE)["opportunity_amount"] == 800

	def test_what_is_refused_stays_with_the_servers_words(self, show, opportunities, console):
		console.allow("status of 417")
		opportunities.make(CRANE, opportunity_amount=800)
		pipeline = show()
		enter(pipeline, AMOUNT, "many")
		expect(entry(pipeline, AMOUNT)).to_be_focused()
		expect(entry(pipeline, AMOUNT)).to_have_value("many")
		alert = pipeline.main.get_by_role("alert").filter(has_text="many")
		expect(alert).to_be_visible()
		expect(entry(pipeline, AMOUNT)).to_have_accessible_description(re.compile("many"))
		assert_sound(pipeline.page, sizes=["wide"])
		assert opportunities.of(CRANE)["opportunity_amount"] == 800
		entry(pipeline, AMOUNT).fill("900")
		assert_taken(pipeline, opportunities)

	def test_what_is_refused_can_be_left(self, show, opportunities, console):
		console.allow("status of 417")
		opportunities.make(CRANE, opportunity_amount=800)
		pipeline = show()
		enter(pipeline, AMOUNT, "many")
		expect(entry(pipeline, AMOUNT)).to_be_focused()
		pipeline.keyboard.press("Escape")
		expect(cell(pipeline, AMOUNT)).to_be_focused()
		expect(cell(pipeline, AMOUNT)).to_contain_text("$800.00")

	def test_a_sum_of_items_is_read_alone(self, show, opportunities):
		opportunities.make(CRANE, items=[{"item_name": "Hook", "qty": 2, "rate": 100}])
		pipeline = show()
		expect(pipeline.main.get_by_text("$200.00", exact=True).last).to_be_visible()
		expect(cell(pipeline, AMOUNT)).to_have_count(0)

	def test_what_came_to_be_a_sum_of_items_meanwhile_is_refused(self, show, opportunities, console):
		console.allow("status of 417")
		name = opportunities.make(CRANE, opportunity_amount=800)
		pipeline = show()
		with pipeline.unaware():
			items = [{"item_name": "Hook", "qty": 2, "rate": 400}]
			opportunities.rest.update("Opportunity", name, items=items)
			enter(pipeline, AMOUNT, "5")
			alert = pipeline.main.get_by_role("alert").filter(has_text="sum of the items")
			expect(alert).to_be_visible()
		assert opportunities.of(CRANE)["opportunity_amount"] == 800

	def test_the_largest_amount_comes_first(self, show, opportunities):
		opportunities.make("Lesser quayside", opportunity_amount=800)
		opportunities.make("Larger quayside", opportunity_amount=900)
		pipeline = show("/pipeline?view=list&scope=all&text=quayside")
		head = pipeline.main.get_by_role("button", name=re.compile(r"^Amount( \w+)?$"))
		for first in ("$900.00", "$800.00"):
			head.click()
			expect(pipeline.main.get_by_role("listitem").first).to_contain_text(first)

	def test_what_somebody_else_has_changed_is_refused(self, show, opportunities, console):
		console.allow("status of 417")
		name = opportunities.make(CRANE, opportunity_amount=800)
		pipeline = show()
		with pipeline.unaware():
			opportunities.rest.update("Opportunity", name, opportunity_amount=700)
			enter(pipeline, AMOUNT, "900")
			expect(pipeline.main.get_by_role("alert").filter(has_text="Somebody else")).to_be_visible()
			assert opportunities.of(CRANE)["opportunity_amount"] == 700
			pipeline.page.wait_for_timeout(1500)  # until the list was read anew
			expect(entry(pipeline, AMOUNT)).to_be_focused()
			assert_taken(pipeline, opportunities)

	def test_the_focus_is_not_taken_from_what_is_done_meanwhile(self, show, opportunities, console):
		console.allow("status of 417")
		opportunities.make(CRANE, opportunity_amount=800)
		pipeline = show()
		held = []
		pipeline.page.route(SET, lambda route: held.append(route))
		enter(pipeline, AMOUNT, "many")
		pipeline.search.focus()
		opportunities.later(lambda: held)
		held[0].continue_()
		expect(pipeline.main.get_by_role("alert").filter(has_text="many")).to_be_visible()
		expect(pipeline.search).to_be_focused()


class TestNextContact:
	def test_it_is_set_and_emptied_and_undone(self, show, opportunities):
		opportunities.make(CRANE, next_contact_date=opportunities.moment(3), next_contact_by=SALESPERSON)
		pipeline = show()
		enter(pipeline, NEXT, f"{opportunities.day(1)}T14:30")
		expect(cell(pipeline, NEXT)).to_contain_text("Tomorrow")
		pipeline.expect_said("Saved")
		opportunities.later(
			lambda: str(opportunities.of(CRANE).get("next_contact_date")).startswith(
				f"{opportunities.day(1)} 14:30"
			)
		)
		enter(pipeline, NEXT, "")
		expect(cell(pipeline, NEXT)).to_contain_text("No step")
		opportunities.later(lambda: not opportunities.of(CRANE).get("next_contact_date"))
		pipeline.notice.get_by_role("button", name="Undo").click()
		pipeline.expect_said("Undone")
		expect(cell(pipeline, NEXT)).to_contain_text("Tomorrow")

	def test_what_is_left_as_it_was_sends_nothing(self, show, opportunities):
		opportunities.make(CRANE, next_contact_date=opportunities.moment(3), next_contact_by=SALESPERSON)
		pipeline = show()
		sent = []
		pipeline.page.on("request", lambda request: SET.search(request.url) and sent.append(request.url))
		cell(pipeline, NEXT).click()
		expect(entry(pipeline, NEXT)).to_have_value(f"{opportunities.day(3)}T09:00")
		assert_accessible(pipeline.page)
		pipeline.search.focus()
		expect(cell(pipeline, NEXT)).to_be_visible()
		enter(pipeline, NEXT, f"{opportunities.day(3)}T09:00")
		expect(cell(pipeline, NEXT)).to_be_focused()
		enter(pipeline, NEXT, f"{opportunities.day(9)}T09:00", key="Escape")
		assert not sent

	def test_leaving_the_entry_saves_it(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline = show()
		cell(pipeline, NEXT).click()
		entry(pipeline, NEXT).fill(f"{opportunities.day(2)}T08:15")
		pipeline.search.click()
		opportunities.later(lambda: "08:15" in str(opportunities.of(CRANE).get("next_contact_date")))


def test_on_a_phone_the_amount_is_edited_too(show, opportunities):
	opportunities.make(CRANE, opportunity_amount=800)
	pipeline = show(size=PHONE)
	cell(pipeline, AMOUNT).tap()
	entry(pipeline, AMOUNT).fill("950")
	pipeline.keyboard.press("Enter")
	expect(cell(pipeline, AMOUNT)).to_contain_text("$950.00")
	assert_sound(pipeline.page, sizes=["phone", "small phone"])
