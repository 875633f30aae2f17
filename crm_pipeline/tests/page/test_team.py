"""Whose opportunities the page shows to who leads a team, and to who leads none."""

import re

from crm_pipeline.demo.people import SALESPEOPLE
from crm_pipeline.tests.page.looking import expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import ADMINISTRATOR, BUYING, SALESPERSON

HARBOUR, QUARRY = "Racking for the harbour", "Trucks for the quarry"
THEIR_PEOPLE = "optgroup[label='My Team'] option"
PEOPLE = [" ".join(person[:2]) for person in SALESPEOPLE[1:]]


def scope(pipeline):
	return pipeline.page.get_by_role("combobox", name="Whose opportunities")


def offered(pipeline) -> list[str]:
	"""Return what can be chosen beside colleagues."""
	return scope(pipeline).locator("> option").all_inner_texts()


class TestWhoLeads:
	def test_begins_with_the_team(self, open_page, opportunities):
		long_ago = opportunities.moment(-900)  # so that they stand first
		opportunities.make(HARBOUR, next_contact_date=long_ago, next_contact_by=SALESPERSON)
		not_theirs = {"opportunity_owner": ADMINISTRATOR, "next_contact_by": ADMINISTRATOR}
		opportunities.make(QUARRY, next_contact_date=long_ago, **not_theirs)
		pipeline = Pipeline(open_page())
		assert offered(pipeline) == ["Mine", "My Team", "All"]
		expect(scope(pipeline)).to_have_value("team")
		pipeline.expect_in("Lead", HARBOUR)
		expect(pipeline.link(QUARRY)).to_be_hidden()

		scope(pipeline).select_option("All")
		pipeline.expect_in("Lead", QUARRY)
		expect(pipeline.page).to_have_url(re.compile("scope=all"))
		scope(pipeline).select_option("Mine")
		expect(pipeline.link(HARBOUR)).to_be_hidden()
		pipeline.page.go_back()
		pipeline.page.go_back()
		expect(scope(pipeline)).to_have_value("team")
		pipeline.expect_in("Lead", HARBOUR)

	def test_finds_their_people_first(self, open_page):
		pipeline = Pipeline(open_page())
		assert sorted(scope(pipeline).locator(THEIR_PEOPLE).all_inner_texts()) == sorted(PEOPLE)
		scope(pipeline).select_option(PEOPLE[0])
		expect(pipeline.page).to_have_url(re.compile("scope=user"))

	def test_has_a_queue_of_the_team(self, open_page, opportunities):
		opportunities.make(HARBOUR, next_contact_date=opportunities.moment(-1), next_contact_by=SALESPERSON)
		pipeline = Pipeline(open_page("/pipeline?view=day"))
		expect(pipeline.button(f"Done: {HARBOUR}")).to_be_visible()
		scope(pipeline).select_option("Mine")
		expect(pipeline.button(f"Done: {HARBOUR}")).to_be_hidden()


class TestWhoLeadsNobody:
	def test_is_offered_no_team(self, open_page):
		pipeline = Pipeline(open_page(user=SALESPERSON))
		assert offered(pipeline) == ["Mine", "All"]
		expect(scope(pipeline)).to_have_value("mine")
		expect(scope(pipeline).locator(THEIR_PEOPLE)).to_have_count(0)

	def test_is_alone_in_a_view_of_a_team(self, open_page):
		pipeline = Pipeline(open_page("/pipeline?view=day&scope=team", user=BUYING))
		expect(scope(pipeline)).to_have_value("team")
		expect(pipeline.main).to_contain_text("In your team nothing is due")
