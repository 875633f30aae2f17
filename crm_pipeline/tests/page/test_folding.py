"""Long sections of My Day and of the activities are folded by their headings; the address remembers it."""

import pytest

from crm_pipeline.tests.page.browser import PHONE
from crm_pipeline.tests.page.looking import assert_accessible, assert_sound, expect, wait_until_loaded
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import SALESPERSON

MISSED, DUE = "Folded by the harbour {}", "Due by the harbour"
MANY = 40
VIEWS = {"day": "/pipeline?view=day", "activities": "/pipeline?view=activities&scope=mine"}


@pytest.fixture
def show(open_page):
	return lambda path, **options: Pipeline(open_page(path, **{"user": SALESPERSON} | options))


@pytest.fixture
def many(opportunities):
	"""Contacts that were missed, many of them, and one of tomorrow."""
	opportunities.make_many(
		MISSED, MANY, next_contact_date=opportunities.moment(-2), next_contact_by=SALESPERSON
	)
	opportunities.make(DUE, next_contact_date=opportunities.moment(1), next_contact_by=SALESPERSON)


def heading(pipeline: Pipeline, name: str):
	return pipeline.main.get_by_role("heading", name=name).get_by_role("button")


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("view", VIEWS)
class TestFolding:
	def test_one_key_brings_up_what_comes_after_a_long_section(self, show, view):
		pipeline = show(VIEWS[view])
		overdue = heading(pipeline, "Overdue")
		expect(overdue).to_have_attribute("aria-expanded", "true")
		expect(pipeline.link(DUE)).not_to_be_in_viewport()
		said = overdue.inner_text()
		overdue.press("Enter")
		expect(overdue).to_have_attribute("aria-expanded", "false")
		expect(overdue).to_be_focused()
		assert overdue.inner_text() == said, "the count stays"
		expect(pipeline.main.get_by_role("link", name="Folded")).to_have_count(0)
		expect(pipeline.link(DUE)).to_be_in_viewport()
		assert_accessible(pipeline.page)
		pipeline.keyboard.press("Home")
		expect(pipeline.main.get_by_role("link", name="Folded")).to_have_count(0)
		expect(pipeline.main.locator(":focus")).not_to_have_text("Folded by the harbour 0")

	def test_the_address_remembers_it(self, show, view):
		pipeline = show(VIEWS[view])
		heading(pipeline, "Overdue").click()
		expect(heading(pipeline, "Overdue")).to_have_attribute("aria-expanded", "false")
		pipeline.page.reload()
		wait_until_loaded(pipeline.page)
		expect(heading(pipeline, "Overdue")).to_have_attribute("aria-expanded", "false")
		expect(pipeline.link(DUE)).to_be_in_viewport()
		heading(pipeline, "Overdue").click()
		expect(pipeline.main.get_by_role("link", name="Folded").first).to_be_visible()
		assert "folded" not in pipeline.page.url

	def test_by_touch_and_in_every_theme(self, show, view):
		pipeline = show(VIEWS[view], size=PHONE)
		heading(pipeline, "Overdue").tap()
		expect(pipeline.link(DUE)).to_be_in_viewport()
		assert_sound(pipeline.page, sizes=["phone", "small phone", "wide"])


def test_what_is_folded_is_passed_over_by_the_panel(show, many):
	pipeline = show(f"{VIEWS['activities']}&text=harbour&folded=overdue")
	pipeline.open(DUE)
	expect(pipeline.button("Previous opportunity")).to_be_disabled()
