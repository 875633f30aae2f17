"""Whether the page can be trusted: server gone, session over, answers lost, clicks doubled, clocks wrong."""

import re
from datetime import timedelta

import pytest

from crm_pipeline.tests.page.looking import assert_sound, expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

HARBOUR, QUARRY = "Racking for the harbour", "Trucks for the quarry"
UNREACHABLE = "ERR_CONNECTION|ERR_FAILED|ERR_EMPTY_RESPONSE|ERR_SOCKET"
REFUSED = "status of 417"
SIGN_OUT = """() => {
	const { csrf_token: token } = JSON.parse(document.getElementById("boot").textContent);
	return fetch("/api/method/logout", { method: "POST", headers: { "X-Frappe-CSRF-Token": token } });
}"""
TYPED = "Typed while nobody listened"


@pytest.fixture
def show(open_page):
	return lambda path="/pipeline", **options: Pipeline(open_page(path, user=SALESPERSON, **options))


def lose_answers(pipeline, method):
	"""Let the server do what a method is asked, and lose its answer, until the function returned is called."""
	address = re.compile(re.escape(method))

	def lose(route):
		route.fetch()
		route.abort()

	pipeline.page.route(address, lose)
	return lambda: pipeline.page.unroute(address)


class TestServerKilled:
	def test_in_the_middle_of_a_move(self, show, opportunities, killable, console):
		console.allow(UNREACHABLE)
		opportunities.make(HARBOUR)
		pipeline = show()
		panel = pipeline.open(HARBOUR)
		panel.get_by_label("What is worth knowing").fill(TYPED)

		def kill(route):
			killable.kill()
			route.continue_()

		pipeline.page.route(re.compile("move_to_stage"), kill)
		pipeline.drag(HARBOUR, "Quoting")
		pipeline.expect_said("The server cannot be reached. Nothing was changed.")
		pipeline.expect_in("Lead", HARBOUR)
		expect(pipeline.condition).to_contain_text("This is how it was at")
		panel.get_by_role("button", name="Save", exact=True).click()
		expect(panel.get_by_role("alert").filter(has_text="cannot be reached").first).to_be_visible()
		expect(panel.get_by_label("What is worth knowing")).to_have_value(TYPED)
		assert_sound(pipeline.page)
		pipeline.condition.get_by_role("button", name="Try Again").click()
		expect(pipeline.condition).to_be_visible()
		pipeline.expect_in("Lead", HARBOUR)

		killable.start()
		pipeline.condition.get_by_role("button", name="Try Again").click()
		expect(pipeline.condition).to_be_hidden()
		assert opportunities.of(HARBOUR)["sales_stage"] == "Lead"
		panel.get_by_role("button", name="Save", exact=True).click()
		expect(panel.get_by_label("What is worth knowing")).to_have_value("")
		assert [TYPED in row["content"] for row in opportunities.said(HARBOUR)].count(True) == 1
		pipeline.page.unroute_all()
		pipeline.drag(HARBOUR, "Quoting")
		pipeline.expect_said("moved to Quoting")
		assert opportunities.of(HARBOUR)["sales_stage"] == "Quoting"


class TestSessionEnded:
	def test_who_signs_in_again_goes_on(self, open_page, server, opportunities, console):
		console.allow("status of 40[0-9]")
		opportunities.make(HARBOUR)
		page = open_page("/login", user=None)
		page.context.add_cookies(server.sign_in(SALESPERSON).cookies())
		page.goto("/pipeline")
		pipeline = Pipeline(page)
		panel = pipeline.open(HARBOUR)
		panel.get_by_label("What is worth knowing").fill(TYPED)
		page.evaluate(SIGN_OUT)

		panel.get_by_role("button", name="Save", exact=True).click()
		dialog = pipeline.dialog("Your session has ended")
		dialog.get_by_label("Password of").fill("wrong")
		dialog.get_by_role("button", name="Sign In").click()
		expect(dialog.get_by_role("alert")).to_have_text(re.compile(r"\w"))
		dialog.press("Escape")
		expect(pipeline.condition).to_contain_text("You are signed out")
		expect(panel.get_by_label("What is worth knowing")).to_have_value(TYPED)
		pipeline.expect_in("Lead", HARBOUR)
		assert_sound(page)

		pipeline.condition.get_by_role("button", name="Sign In").click()
		dialog.get_by_label("Password of").fill(server.passwords[SALESPERSON])
		dialog.get_by_label("Password of").press("Enter")
		expect(dialog).to_be_hidden()
		expect(pipeline.condition).to_be_hidden()
		expect(panel.get_by_label("What is worth knowing")).to_have_value(TYPED)
		panel.get_by_role("button", name="Save", exact=True).click()
		expect(panel.get_by_label("What is worth knowing")).to_have_value("")
		assert [TYPED in row["content"] for row in opportunities.said(HARBOUR)].count(True) == 1

	def test_what_was_typed_outlives_the_page(self, show, opportunities):
		opportunities.make(HARBOUR)
		pipeline = show()
		pipeline.open(HARBOUR).get_by_label("What is worth knowing").fill(TYPED)
		pipeline.page.reload()
		panel = pipeline.opened(HARBOUR)
		expect(panel.get_by_label("What is worth knowing")).to_have_value(TYPED)


class TestSentTwice:
	def test_a_note_whose_answer_was_lost_is_noted_once(self, show, opportunities, console):
		console.allow(UNREACHABLE)
		opportunities.make(HARBOUR)
		pipeline = show()
		panel = pipeline.open(HARBOUR)
		find = lose_answers(pipeline, "add_activity")
		panel.get_by_label("What is worth knowing").fill(TYPED)
		panel.get_by_role("button", name="Save", exact=True).click()
		expect(panel.get_by_role("alert").filter(has_text="cannot be reached").first).to_be_visible()
		find()
		panel.get_by_role("button", name="Save", exact=True).click()
		expect(panel.get_by_label("What is worth knowing")).to_have_value("")
		assert [TYPED in row["content"] for row in opportunities.said(HARBOUR)].count(True) == 1

	def test_a_follow_up_whose_answer_was_lost_is_done_once(self, show, opportunities, console):
		console.allow(f"{UNREACHABLE}|{REFUSED}")
		opportunities.make(HARBOUR, next_contact_date=opportunities.moment(-1), next_contact_by=SALESPERSON)
		pipeline = show("/pipeline?view=day")
		find = lose_answers(pipeline, "complete_follow_up")
		pipeline.button(f"Done: {HARBOUR}").click()
		dialog = pipeline.dialog("Follow-up Done")
		dialog.get_by_label("Outcome").fill(TYPED)
		dialog.get_by_role("button", name="Done").click()
		expect(dialog.get_by_role("alert")).to_contain_text("cannot be reached")
		expect(dialog.get_by_label("Outcome")).to_have_value(TYPED)
		find()
		dialog.get_by_role("button", name="Done").click()
		expect(dialog.get_by_role("alert")).to_contain_text("is done already")
		assert [TYPED in row["content"] for row in opportunities.said(HARBOUR)].count(True) == 1
		assert opportunities.of(HARBOUR)["next_contact_date"] == opportunities.moment(7)

	def test_a_move_whose_answer_was_lost_is_found_out(self, show, opportunities, console):
		console.allow(f"{UNREACHABLE}|{REFUSED}")
		opportunities.make(HARBOUR)
		pipeline = show()
		find = lose_answers(pipeline, "move_to_stage")
		pipeline.drag(HARBOUR, "Quoting")
		pipeline.expect_said("The server cannot be reached")
		find()
		pipeline.reread()
		pipeline.expect_in("Quoting", HARBOUR)
		expect(pipeline.condition).to_be_hidden()

	def test_a_double_click_is_one(self, show, opportunities):
		opportunities.make(HARBOUR)
		pipeline = show()
		panel = pipeline.open(HARBOUR)
		panel.get_by_label("What is worth knowing").fill(TYPED)
		panel.get_by_role("button", name="Save", exact=True).dblclick()
		expect(panel.get_by_label("What is worth knowing")).to_have_value("")
		panel.get_by_role("button", name="Advance").dblclick()
		pipeline.expect_said("moved to Pitching")
		pipeline.button("New").click()
		dialog = pipeline.dialog("New Opportunity")
		dialog.get_by_label("Name").fill(QUARRY)
		dialog.get_by_role("button", name="Create").dblclick()
		pipeline.opened(QUARRY)
		pipeline.expect_in("Lead", QUARRY)
		assert [TYPED in row["content"] for row in opportunities.said(HARBOUR)].count(True) == 1
		assert opportunities.of(HARBOUR)["sales_stage"] == "Pitching"
		assert len(opportunities.rest.get_list("Opportunity", {"title": QUARRY})) == 1


class TestClocks:
	def test_an_hour_off_makes_nothing_overdue(self, show, opportunities):
		for title, minutes in {HARBOUR: -30, QUARRY: 30}.items():
			moment = opportunities.now() + timedelta(minutes=minutes)
			opportunities.make(title, next_contact_date=f"{moment:%Y-%m-%d %H:%M:00}")
		pipeline = show("/pipeline")
		for off in (timedelta(hours=-1), timedelta(hours=1), timedelta(days=400)):
			pipeline.page.clock.set_system_time(opportunities.now() + off)
			pipeline.page.reload()
			expect(pipeline.card(HARBOUR)).to_contain_text("Next contact overdue")
			expect(pipeline.card(QUARRY)).to_contain_text("Next Contact:")


def test_an_answer_to_what_was_asked_before_a_move_is_none(show, opportunities):
	opportunities.make(HARBOUR)
	pipeline = show()
	board, held = re.compile("get_board"), []

	def wait_for_request(number):
		while len(held) < number:
			pipeline.page.wait_for_timeout(20)

	pipeline.page.route(board, lambda route: held.append(route))
	opportunities.make(QUARRY)
	pipeline.reread()  # asks for the board, since there is something new
	wait_for_request(1)
	before = held[0].fetch()
	pipeline.drag(HARBOUR, "Quoting")
	pipeline.expect_said("moved to Quoting")
	held[0].fulfill(response=before)
	wait_for_request(2)
	pipeline.expect_in("Quoting", HARBOUR)
	expect(pipeline.link(QUARRY)).to_be_hidden()  # which that answer has
	held[1].continue_()
	expect(pipeline.link(QUARRY)).to_be_visible()
	pipeline.expect_in("Quoting", HARBOUR)


def test_a_move_that_fails_takes_back_no_other(show, opportunities, console):
	console.allow(UNREACHABLE)
	opportunities.make(HARBOUR)
	opportunities.make(QUARRY)
	pipeline = show()
	moves, held = re.compile("move_to_stage"), []
	pipeline.page.route(moves, lambda route: route.continue_() if held else held.append(route))
	pipeline.drag(HARBOUR, "Quoting")
	pipeline.drag(QUARRY, "Pitching")
	pipeline.expect_said(f"{QUARRY} moved to Pitching")
	pipeline.expect_in("Quoting", HARBOUR)
	pipeline.page.route(re.compile("get_board"), lambda route: route.abort())  # nothing else shows what is so
	held[0].abort()
	pipeline.expect_said("The server cannot be reached. Nothing was changed.")
	pipeline.expect_in("Lead", HARBOUR)
	pipeline.expect_in("Pitching", QUARRY)
