"""The forecast: months in columns, cards put into another one with the mouse, the keyboard and a finger."""

import json
import re
from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest

from crm_pipeline.tests.page.browser import PHONE, SIZES, WIDE, Size
from crm_pipeline.tests.page.looking import assert_no_overflow, assert_sound, expect
from crm_pipeline.tests.page.pipeline import MOVES, Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

CRANE, HARBOUR = "Crane for the shipyard", "Racking for the harbour"
VIEW = "/pipeline?view=forecast"
ALONE = f"{VIEW}&scope=all&text=crane+shipyard"
UNREACHABLE, REFUSED = "ERR_FAILED", "status of 417"
CARDS, MANY = 300, 120
ALL_COLUMNS = Size(2400, 900)  # beside My Day


@pytest.fixture
def show(open_page):
	return lambda path=ALONE, **options: Pipeline(open_page(path, **{"user": SALESPERSON} | options))


@pytest.fixture
def ahead(opportunities):
	"""A function that returns the first and the last day of the month so many months from the present one."""

	def ahead(months: int) -> tuple[date, date]:
		today = date.fromisoformat(opportunities.day(0))
		year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
		return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])

	return ahead


@pytest.fixture
def named(opportunities):
	"""A function that returns what a month is called."""

	def named(day: date) -> str:
		is_present = opportunities.day(0)[:4] == str(day.year)
		return f"{day:%B}" if is_present else f"{day:%B %Y}"

	return named


def assert_whole(parts) -> None:
	"""Nothing of the texts is cut, and all lie within their card."""
	within = """all => all.every((each) => {
		const box = each.getBoundingClientRect(), card = each.closest("article").getBoundingClientRect();
		return each.scrollWidth <= each.clientWidth + 1 && box.left >= card.left && box.right <= card.right && box.bottom <= card.bottom;
	})"""
	assert parts.evaluate_all(within)


def figures(column) -> list[str]:
	return column.locator("dd").all_inner_texts()


class TestColumns:
	def test_what_they_count_is_the_servers(self, show, opportunities, ahead, named):
		(first, last), (after, _end) = ahead(2), ahead(6)
		usual = {"currency": "USD", "probability": 50}
		opportunities.make(f"{CRANE} 1", expected_closing=str(first), opportunity_amount=1000, **usual)
		opportunities.make(f"{CRANE} 2", expected_closing=str(last), opportunity_amount=500, **usual)
		opportunities.make(f"{CRANE} 3", expected_closing=opportunities.day(-1))
		opportunities.make(f"{CRANE} 4", expected_closing=str(after))
		opportunities.make(f"{CRANE} 5")
		pipeline = show()
		month = pipeline.column(named(first))
		expect(month.get_by_role("article")).to_have_count(2)
		assert figures(month) == ["$1.5K", "$750"]
		for name, number in (("Closing Passed", 3), ("Later", 4), ("Without Date", 5)):
			expect(pipeline.column(name).get_by_role("link", name=f"{CRANE} {number}")).to_be_visible()
		expect(pipeline.main.get_by_role("region")).to_have_count(9)

	def test_cards_say_how_likely_they_are_and_when(self, show, opportunities, ahead):
		_first, last = ahead(2)
		opportunities.make(CRANE, expected_closing=str(last), probability=35, customer_name="Shipyard " * 12)
		for options in ({"size": WIDE}, {"size": PHONE}, {"size": Size(1280, 800), "language": "de"}):
			pipeline = show(**options)
			chance = pipeline.card(CRANE).locator(".chance")
			expect(chance).to_contain_text(re.compile(r"35\s?%"))
			expect(chance).to_contain_text(opportunities.written((last - opportunities.now().date()).days))
			assert_whole(chance.locator("[title]"))
			pipeline.keyboard.press("1")
			expect(pipeline.column("Lead").get_by_role("link", name=CRANE)).to_be_visible()
			expect(chance.locator("[title]")).to_have_count(0)
		pipeline = show(f"{ALONE}&dense=1")
		expect(pipeline.card(CRANE).get_by_text("35%")).to_be_in_viewport()

	def test_what_was_won_this_month_is_in_its_head(self, show, opportunities, named):
		name = opportunities.make(CRANE, opportunity_amount=700, currency="USD")
		opportunities.rest.call(f"{MOVES}.mark_won", opportunity=name)
		pipeline = show()
		month = pipeline.column(named(date.fromisoformat(opportunities.day(0))))
		expect(month.locator("dl")).to_contain_text("Won 1")
		assert figures(month) == ["$0", "$0", "$700"]
		expect(pipeline.main.get_by_role("article")).to_have_count(0)

	def test_the_address_and_a_key_lead_there_and_filters_hold(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline = show("/pipeline?scope=all&text=crane+shipyard")
		pipeline.keyboard.press("3")
		expect(pipeline.column("Without Date").get_by_role("link", name=CRANE)).to_be_visible()
		assert "view=forecast" in pipeline.page.url
		expect(pipeline.button("Forecast")).to_have_attribute("aria-pressed", "true")
		expect(pipeline.main.get_by_role("article")).to_have_count(1)
		pipeline.keyboard.press("1")
		pipeline.expect_in("Lead", CRANE)
		pipeline.page.go_back()
		pipeline.expect_in("Without Date", CRANE)
		pipeline.keyboard.press("?")
		expect(pipeline.dialog("Keys")).to_contain_text("Board, list, forecast, my day, activities")

	def test_a_long_column_is_read_in_parts(self, show, opportunities):
		opportunities.make_many(f"{CRANE} {{}}", MANY)
		pipeline = show()
		column = pipeline.column("Without Date")
		expect(column.locator(".count")).to_have_text(str(MANY))
		list_ = column.locator(".scroll")
		expect(list_.get_by_role("listitem").last).to_have_attribute("aria-setsize", str(MANY))
		for _time in range(MANY):
			list_.evaluate("node => (node.scrollTop = node.scrollHeight)")
			if list_.get_by_role("listitem").last.get_attribute("aria-posinset") == str(MANY):
				break
			pipeline.page.wait_for_timeout(100)
		expect(list_.get_by_role("listitem").last).to_have_attribute("aria-posinset", str(MANY))
		assert pipeline.page.locator("article").count() <= CARDS

	def test_a_new_day_is_read_anew(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline = show()
		expect(pipeline.link(CRANE)).to_be_visible()
		tomorrow = opportunities.moment(1)

		def pass_midnight(route):
			answer = route.fetch()
			body = answer.json()
			body["message"]["now"] = tomorrow
			route.fulfill(response=answer, json=body)

		pipeline.page.route(re.compile("changes_since"), pass_midnight)
		with pipeline.page.expect_request(re.compile("get_forecast")):
			pipeline.reread()

	def test_what_the_reader_may_not_see_is_told_and_keeps_the_board(self, show, opportunities, console):
		console.allow("status of 403")
		opportunities.make(CRANE)
		pipeline = show(ALONE.replace(VIEW, "/pipeline?view=board"))
		said = json.dumps([json.dumps({"message": "You may not read <b>Expected Closing</b>."})])
		answer = {"exc_type": "FieldOutOfReach", "_server_messages": said}
		pipeline.page.route(re.compile("get_forecast"), lambda route: route.fulfill(status=403, json=answer))
		pipeline.show("Forecast")
		expect(pipeline.condition).to_contain_text("You may not read Expected Closing.")
		pipeline.show("Board")
		pipeline.expect_in("Lead", CRANE)
		expect(pipeline.condition).to_be_hidden()


class TestMoving:
	def test_with_the_mouse_to_a_shorter_month_and_back(self, show, opportunities, ahead, named):
		months = [ahead(number) for number in range(6)]
		(first, last), (_next, end) = next(
			(one, other) for one, other in pairwise(months) if other[1].day < one[1].day
		)
		opportunities.make(CRANE, expected_closing=str(last), opportunity_amount=800, currency="USD")
		pipeline = show(size=ALL_COLUMNS)
		pipeline.drag(CRANE, named(end))
		pipeline.expect_said(f"{CRANE}: Expected Closing")
		pipeline.expect_in(named(end), CRANE)
		assert opportunities.of(CRANE)["expected_closing"] == str(end)
		expect(pipeline.column(named(first)).locator(".count")).to_have_text("0")
		pipeline.notice.get_by_role("button", name="Undo").click()
		pipeline.expect_said("Undone")
		pipeline.expect_in(named(first), CRANE)
		assert opportunities.of(CRANE)["expected_closing"] == str(last)

	def test_what_is_overdue_comes_into_this_month_and_not_before_today(self, show, opportunities, named):
		today = date.fromisoformat(opportunities.day(0))
		past = today.replace(day=1) - timedelta(days=1)
		opportunities.make(CRANE, expected_closing=str(past.replace(day=1)))
		pipeline = show()
		pipeline.drag(CRANE, named(today))
		pipeline.expect_said("Expected Closing Today")
		assert opportunities.of(CRANE)["expected_closing"] == str(today)

	def test_without_date_and_from_there(self, show, opportunities, ahead, named):
		first, last = ahead(3)
		opportunities.make(CRANE, expected_closing=str(first))
		pipeline = show(size=ALL_COLUMNS)
		pipeline.drag(CRANE, "Without Date")
		pipeline.expect_said(f"{CRANE}: no Expected Closing any more")
		assert not opportunities.of(CRANE).get("expected_closing")
		pipeline.expect_in("Without Date", CRANE)
		pipeline.drag(CRANE, named(first))
		pipeline.expect_in(named(first), CRANE)
		opportunities.later(lambda: opportunities.of(CRANE).get("expected_closing") == str(last))

	@pytest.mark.parametrize("column", ["Closing Passed", "Later"])
	def test_some_columns_take_nothing_and_say_so(self, show, opportunities, ahead, named, column):
		first, _last = ahead(4)
		opportunities.make(CRANE, expected_closing=str(first))
		pipeline = show(size=ALL_COLUMNS)
		pipeline.drag(CRANE, column)
		pipeline.expect_said(f"Nothing can be put into {column}. Choose a month, or Without Date.")
		pipeline.expect_in(named(first), CRANE)
		assert opportunities.of(CRANE)["expected_closing"] == str(first)

	def test_what_somebody_else_changed_is_taken_back_with_the_servers_words(
		self, show, opportunities, ahead, named, console
	):
		console.allow(REFUSED)
		(first, _last), (third, _end), (fourth, _day) = ahead(1), ahead(2), ahead(3)
		name = opportunities.make(CRANE, expected_closing=str(first))
		pipeline = show()
		with pipeline.unaware():
			opportunities.rest.update("Opportunity", name, expected_closing=str(third))
			pipeline.drag(CRANE, named(fourth))
			pipeline.expect_said("Somebody else has changed Expected Closing")
			pipeline.expect_in(named(third), CRANE)
		assert opportunities.of(CRANE)["expected_closing"] == str(third)

	def test_a_server_out_of_reach_changes_nothing(self, show, opportunities, ahead, named, console):
		console.allow(UNREACHABLE)
		(first, _last), (third, _end) = ahead(1), ahead(2)
		opportunities.make(CRANE, expected_closing=str(first), opportunity_amount=800, currency="USD")
		pipeline = show()
		before = figures(pipeline.column(named(first)))
		pipeline.page.route(re.compile("set_values"), lambda route: route.abort())
		pipeline.drag(CRANE, named(third))
		pipeline.expect_said("The server cannot be reached. Nothing was changed.")
		pipeline.expect_in(named(first), CRANE)
		assert figures(pipeline.column(named(first))) == before

	def test_with_the_keyboard_alone_each_step_spoken(self, show, opportunities, ahead, named):
		(first, _last), (second, _end) = ahead(4), ahead(5)
		opportunities.make(CRANE, expected_closing=str(first))
		pipeline = show()
		spoken = pipeline.page.get_by_role("status")
		pipeline.keyboard.press("j")
		expect(pipeline.link(CRANE)).to_be_focused()
		pipeline.keyboard.press("Space")
		expect(spoken).to_contain_text("Arrows choose a month")
		pipeline.keyboard.press("ArrowRight")
		expect(spoken).to_have_text(named(second))
		pipeline.keyboard.press("ArrowRight")
		expect(spoken).to_contain_text("Nothing can be put into Later")
		pipeline.keyboard.press("Space")
		pipeline.expect_said("Nothing can be put into Later")
		pipeline.keyboard.press("Escape")
		expect(spoken).to_have_text("Left where it was")
		for key in ("Space", "ArrowRight", "Space"):
			pipeline.keyboard.press(key)
		pipeline.expect_said(f"{CRANE}: Expected Closing")
		pipeline.expect_in(named(second), CRANE)
		expect(pipeline.link(CRANE)).to_be_focused()
		assert opportunities.of(CRANE)["expected_closing"] == str(second)
		pipeline.keyboard.press("z")
		pipeline.expect_said("Undone")
		pipeline.expect_in(named(first), CRANE)
		expect(pipeline.link(CRANE)).to_be_focused()

	def test_actions_of_the_board_work_here_too(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline = show()
		pipeline.keyboard.press("j")
		pipeline.keyboard.press("a")
		pipeline.expect_said(f"{CRANE} moved to Pitching")
		pipeline.expect_in("Without Date", CRANE)
		assert opportunities.of(CRANE)["sales_stage"] == "Pitching"
		pipeline.keyboard.press("w")
		pipeline.dialog(f"Won: {CRANE}").get_by_role("button", name="Won").click()
		pipeline.expect_said("is won")
		expect(pipeline.link(CRANE)).to_be_hidden()

	def test_changes_of_others_arrive(self, show, opportunities, ahead, named):
		first, _last = ahead(2)
		name = opportunities.make(CRANE)
		pipeline = show()
		pipeline.expect_in("Without Date", CRANE)
		opportunities.rest.update("Opportunity", name, expected_closing=str(first))
		pipeline.reread()
		pipeline.expect_in(named(first), CRANE)


class TestLook:
	def test_accessible_and_within_the_screen(self, show, opportunities, ahead):
		opportunities.make(CRANE, expected_closing=str(ahead(1)[0]), opportunity_amount=10**11)
		opportunities.make(HARBOUR, expected_closing=opportunities.day(-3))
		pipeline = show(f"{VIEW}&scope=all")
		expect(pipeline.link(CRANE)).to_be_visible()
		assert_sound(pipeline.page, sizes=list(SIZES))

	def test_in_german(self, show, opportunities):
		opportunities.make(CRANE)
		pipeline = show(language="de")
		expect(pipeline.link(CRANE)).to_be_visible()
		assert_no_overflow(pipeline.page)

	def test_on_a_phone_months_are_chosen(self, show, opportunities, ahead, named):
		first, last = ahead(2)
		opportunities.make(CRANE)
		pipeline = show(size=PHONE)
		pipeline.button(f"All actions: {CRANE}").tap()
		assert_no_overflow(pipeline.page)
		pipeline.dialog(CRANE).get_by_role("button", name="Move to a Month").tap()
		dialog = pipeline.dialog(f"Move: {CRANE}")
		expect(dialog.get_by_role("radio", name="Without Date")).to_be_checked()
		expect(dialog.get_by_text("Later")).to_have_count(0)
		dialog.get_by_text(named(first)).tap()
		assert_no_overflow(pipeline.page)
		dialog.get_by_role("button", name="Move").tap()
		pipeline.expect_said(f"{CRANE}: Expected Closing")
		assert opportunities.of(CRANE)["expected_closing"] == str(last)
		pipeline.expect_in(named(first), CRANE)
