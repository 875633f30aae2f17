"""What rests, what has ended and who is to do what next."""

import pytest

from crm_pipeline.tests.page.looking import expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import COLLEAGUE, SALESPERSON

CRANE = "Crane for the quarry"
QUARRY = "Conveyor for the quarry"
ALONE = "/pipeline?scope=all&text=quarry"


@pytest.fixture
def show(open_page):
	return lambda path=ALONE, **options: Pipeline(open_page(path, **options))


class TestPaused:
	def test_they_are_a_figure_that_filters_and_say_until_when(self, show, opportunities):
		opportunities.make(QUARRY)
		name = opportunities.make(CRANE, next_contact_date=opportunities.moment(1))
		opportunities.rest.call("crm_pipeline.api.moves.pause", opportunity=name, until=opportunities.day(20))
		pipeline = show()
		pipeline.page.get_by_role("button", name="Paused").click()
		expect(pipeline.link(QUARRY)).to_be_hidden()
		expect(pipeline.card(CRANE)).to_contain_text(opportunities.written(20))
		pipeline.show("My Day")
		expect(pipeline.main.get_by_role("heading", name="My Day")).to_be_visible()
		expect(pipeline.link(CRANE)).to_be_hidden()


class TestWhatEnded:
	def test_a_strip_opens_what_it_counts_and_something_is_taken_up_again(self, show, opportunities):
		name = opportunities.make(CRANE, opportunity_amount=1200, currency="USD")
		opportunities.make(QUARRY)
		opportunities.rest.call("crm_pipeline.api.moves.mark_won", opportunity=name, close_revenue=1100)
		pipeline = show()
		expect(pipeline.column("Won")).to_contain_text("1")
		pipeline.button("Won").click()
		expect(pipeline.page.locator(".list-sums")).to_contain_text("1 Opportunity · Revenue $1,100.00")
		expect(pipeline.page.get_by_role("button", name="Won in 30 Days")).to_have_attribute(
			"aria-pressed", "true"
		)
		expect(pipeline.link(QUARRY)).to_be_hidden()
		expect(pipeline.main.get_by_text("Today", exact=True)).to_be_visible()
		expect(pipeline.main.get_by_label(f"Stage of {CRANE}")).to_have_count(0)
		pipeline.button(f"Reopen {CRANE}").click()
		pipeline.expect_said(f"{CRANE} is open again")
		expect(pipeline.link(CRANE)).to_be_hidden()
		assert opportunities.of(CRANE)["status"] == "Open"
		pipeline.show("Board")
		pipeline.expect_in("Lead", CRANE)
		assert "state=" not in pipeline.page.url


class TestHandingOver:
	def test_the_next_contact_goes_along_and_comes_back(self, show, opportunities):
		opportunities.make(CRANE, next_contact_date=opportunities.moment(1))
		pipeline = show()
		panel = pipeline.open(CRANE)
		panel.get_by_role("button", name="Owner:").click()
		dialog = pipeline.dialog(f"Assign: {CRANE}")
		expect(dialog.get_by_label("Also hand over the next contact")).to_be_checked()
		dialog.get_by_role("option", name="Priya Raman").click()
		dialog.get_by_role("button", name="Assign").click()
		pipeline.expect_said("Priya Raman")
		assert self.whose(opportunities) == (COLLEAGUE, COLLEAGUE)
		pipeline.notice.get_by_role("button", name="Undo").click()
		pipeline.expect_said("Undone")
		assert self.whose(opportunities) == (SALESPERSON, SALESPERSON)

	def test_it_stays_where_it_is_if_that_is_chosen_or_it_is_another_persons(self, show, opportunities):
		opportunities.make(CRANE, next_contact_date=opportunities.moment(1))
		opportunities.make(QUARRY, next_contact_date=opportunities.moment(1), next_contact_by=COLLEAGUE)
		pipeline = show()
		pipeline.open(CRANE)
		pipeline.keyboard.press("o")
		dialog = pipeline.dialog(f"Assign: {CRANE}")
		dialog.get_by_role("option", name="Priya Raman").click()
		dialog.get_by_label("Also hand over the next contact").uncheck()
		dialog.get_by_role("button", name="Assign").click()
		pipeline.expect_said("Priya Raman")
		assert self.whose(opportunities) == (COLLEAGUE, SALESPERSON)
		pipeline.open(QUARRY)
		pipeline.keyboard.press("o")
		dialog = pipeline.dialog(f"Assign: {QUARRY}")
		expect(dialog.get_by_role("option").first).to_be_visible()
		expect(dialog.get_by_label("Also hand over the next contact")).to_have_count(0)

	@staticmethod
	def whose(opportunities):
		stored = opportunities.of(CRANE)
		return stored["opportunity_owner"], stored["next_contact_by"]
