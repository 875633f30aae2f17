"""The page as a buyer sees it, who reads opportunities and changes none."""

import re

from crm_pipeline.tests.page.looking import expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import BUYING, SALESPERSON

HARBOUR = "Racking for the harbour"


def test_nothing_is_offered_that_they_may_not_do(open_page, opportunities):
	opportunities.make(HARBOUR, next_contact_date=opportunities.moment(-1), next_contact_by=SALESPERSON)
	pipeline = Pipeline(open_page(user=BUYING))
	banner = pipeline.page.get_by_role("banner")
	expect(pipeline.card(HARBOUR)).to_be_visible()
	expect(banner.get_by_role("button", name="New")).to_have_count(0)
	expect(pipeline.main.get_by_role("button", name=re.compile("New Opportunity"))).to_have_count(0)
	expect(pipeline.page.locator("[draggable=true]")).to_have_count(0)
	assert not re.search(r"^0$", banner.inner_text(), re.MULTILINE)

	panel = pipeline.open(HARBOUR)
	expect(panel.get_by_text("Loading")).to_have_count(0)
	expect(panel.get_by_role("textbox")).to_have_count(0)
	expect(panel.get_by_role("button", name="Won", exact=True)).to_have_count(0)
	assert not re.search(r"^0$", panel.inner_text(), re.MULTILINE)

	pipeline.keyboard.press("Escape")
	pipeline.keyboard.press("?")
	expect(pipeline.dialog("Keys")).to_contain_text("Show Details")
	expect(pipeline.dialog("Keys")).not_to_contain_text("Snooze")
	pipeline.keyboard.press("Escape")
	pipeline.show("My Day")
	expect(pipeline.link(HARBOUR)).to_be_visible()
	expect(pipeline.main.get_by_role("button", name=re.compile("Done"))).to_have_count(0)
	assert not re.search(r"^0$", pipeline.main.locator(".day-row").first.inner_text(), re.MULTILINE)
