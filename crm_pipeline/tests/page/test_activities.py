"""The list of activities: worked with the mouse, with the keyboard alone and by touch; its way to the panel and back."""

import re

import pytest

from crm_pipeline.tests.page.browser import PHONE, SIZES, WIDE
from crm_pipeline.tests.page.looking import assert_accessible, assert_no_overflow, assert_sound, expect
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import MANAGER, SALESPERSON

CRANE, HARBOUR = "Crane for the shipyard", "Racking for the harbour"
DRAWINGS, SAMPLES, VISIT = "Send the drawings", "Order samples", "Visit of the yard"
ALONE = "/pipeline?view=activities&text=shipyard"
REFUSED = "status of 417"
MANY, AT_ONCE = 150, 50
ROWS = 60  # in the document, at most
ASKED = re.compile("get_activities")


class Agenda(Pipeline):
	"""The page with the view *Activities*."""

	def section(self, name: str):
		return self.main.get_by_role("region", name=name, exact=True)

	def row(self, what: str):
		return self.main.get_by_role("listitem").filter(
			has=self.page.get_by_role("link", name=what, exact=True)
		)

	def focused(self) -> tuple[int, int]:
		"""Return at which place of a section the keyboard is, and how many it has."""
		row = self.page.locator("li:focus-within")
		return tuple(int(row.get_attribute(name) or 0) for name in ("aria-posinset", "aria-setsize"))

	def scroll_to(self, place: int) -> None:
		"""Scroll until a row of that place is in the document, and never more than some rows are."""
		row = self.main.locator(f"li[aria-posinset='{place}']")
		for _time in range(MANY):
			assert self.main.get_by_role("listitem").count() <= ROWS
			if row.count():
				return row.scroll_into_view_if_needed()
			self.main.locator(".activities").evaluate("node => node.scrollBy(0, node.clientHeight)")
			self.page.wait_for_timeout(50)
		raise AssertionError(f"there is no row {place}")

	def expect_due(self, section: str, *texts: str) -> None:
		links = self.section(section).get_by_role("listitem").get_by_role("link")
		expect(links).to_have_text(list(texts))


@pytest.fixture
def crane(opportunities):
	"""An opportunity with a missed contact, two tasks, and an appointment that salespeople see too."""
	name = opportunities.make(
		CRANE, next_contact_date=opportunities.moment(-1), next_contact_by=SALESPERSON, opportunity_amount=800
	)
	for what, days in ((DRAWINGS, 0), (SAMPLES, 20)):
		opportunities.rest.call(
			"crm_pipeline.api.activities.add_task",
			opportunity=name,
			description=what,
			date=opportunities.day(days),
			allocated_to=SALESPERSON,
		)
	guest = {"reference_doctype": "Opportunity", "reference_docname": name}
	opportunities.rest.insert(
		"Event",
		subject=VISIT,
		event_type="Public",
		event_category="Meeting",
		starts_on=opportunities.moment(21),
		event_participants=[guest],
	)
	return name


@pytest.fixture
def show(open_page):
	return lambda path=ALONE, **options: Agenda(open_page(path, **{"user": SALESPERSON} | options))


def task(opportunities, what: str) -> dict:
	"""Return the task of this name as it is stored."""
	filters = {"description": ["like", f"%{what}%"]}
	return opportunities.rest.get_list("ToDo", filters, "name", "status", "date")[0]


def test_with_the_mouse(show, opportunities, crane):
	agenda = show(f"{ALONE}&scope=all")
	agenda.expect_due("Overdue", CRANE)
	agenda.expect_due("Today", DRAWINGS)
	agenda.expect_due("Later", SAMPLES, VISIT)
	expect(agenda.row(DRAWINGS)).to_contain_text(f"{CRANE}")

	agenda.button(f"Done: {DRAWINGS} · {CRANE}").click()
	agenda.expect_said(f"Done: {DRAWINGS}")
	agenda.expect_due("Done", DRAWINGS)
	assert task(opportunities, DRAWINGS)["status"] == "Closed"
	agenda.notice.get_by_role("button", name="Undo").click()
	agenda.expect_said("Undone")
	agenda.expect_due("Today", DRAWINGS)
	assert task(opportunities, DRAWINGS)["status"] == "Open"

	agenda.button(f"Snooze: {DRAWINGS} · {CRANE}").click()
	dialog = agenda.dialog(f"Snooze: {DRAWINGS}")
	dialog.get_by_text("In a Month").click()
	assert_accessible(agenda.page)
	dialog.get_by_role("button", name="Snooze").click()
	agenda.expect_said(f"{DRAWINGS} is postponed to")
	agenda.expect_due("Later", SAMPLES, VISIT, DRAWINGS)
	assert task(opportunities, DRAWINGS)["date"] > opportunities.day(21)
	agenda.notice.get_by_role("button", name="Undo").click()
	agenda.expect_due("Today", DRAWINGS)
	assert task(opportunities, DRAWINGS)["date"] == opportunities.day(0)

	agenda.button(f"Done: {CRANE}").click()
	dialog = agenda.dialog(f"Follow-up Done: {CRANE}")
	dialog.get_by_label("Outcome").fill("They call back")
	dialog.get_by_text("Not Planned").click()
	dialog.get_by_role("button", name="Done").click()
	agenda.expect_said("Follow-up Done")
	agenda.expect_due("Done", CRANE)
	expect(agenda.section("Overdue")).to_be_hidden()

	agenda.page.get_by_label("Kind").select_option(label="Meetings")
	agenda.expect_due("Later", VISIT)
	expect(agenda.main.get_by_role("listitem")).to_have_count(1)
	assert "kind=meeting" in agenda.page.url
	agenda.button("Delegated").click()
	expect(agenda.main).to_contain_text("Nothing matches.")


def test_from_the_list_to_the_panel_and_back(show, opportunities, crane):
	opportunities.make(HARBOUR, next_contact_date=opportunities.moment(-2), next_contact_by=SALESPERSON)
	agenda = show(f"/pipeline?view=activities&scope=all&due=overdue&text=the#{crane}")
	agenda.opened(CRANE)
	expect(agenda.row(CRANE)).to_have_class(re.compile("open"))
	agenda.panel.get_by_role("button", name="Previous opportunity").click()
	agenda.opened(HARBOUR)
	agenda.panel.get_by_role("button", name="Close").click()
	expect(agenda.link(HARBOUR)).to_be_focused()
	assert "due=overdue" in agenda.page.url


def test_from_the_panel_to_the_list(show, crane):
	agenda = show("/pipeline?text=shipyard")
	agenda.open(CRANE)
	agenda.panel.get_by_label(DRAWINGS).check()
	expect(agenda.panel.get_by_label(DRAWINGS)).to_be_hidden()
	agenda.panel.get_by_role("button", name="All Activities").click()
	agenda.opened(CRANE)
	expect(agenda.row(SAMPLES)).to_have_class(re.compile("open"))
	expect(agenda.section("Done").get_by_role("link", name=DRAWINGS)).to_be_visible()


def test_with_the_keyboard_alone(show, opportunities, crane, console):
	console.allow(REFUSED)
	agenda = show("/pipeline?text=shipyard")
	agenda.keyboard.press("5")
	agenda.expect_due("Today", DRAWINGS)
	for key in ("j", "j"):
		agenda.keyboard.press(key)
	expect(agenda.link(DRAWINGS)).to_be_focused()
	agenda.keyboard.press("d")
	agenda.expect_said(f"Done: {DRAWINGS}")
	expect(agenda.link(SAMPLES)).to_be_focused()
	agenda.keyboard.press("z")
	agenda.expect_said("Undone")
	agenda.expect_due("Today", DRAWINGS)

	with agenda.unaware():
		name = task(opportunities, SAMPLES)["name"]
		opportunities.rest.update("ToDo", name, date=opportunities.day(30))
		agenda.keyboard.press("s")
		agenda.keyboard.press("Enter")
		expect(agenda.dialog(f"Snooze: {SAMPLES}")).to_contain_text("Somebody else has changed")
		agenda.keyboard.press("Escape")
	agenda.expect_due("Later", SAMPLES)  # the appointment is somebody else's

	agenda.keyboard.press("Home")
	agenda.keyboard.press("Enter")
	agenda.opened(CRANE)
	agenda.keyboard.press("Escape")
	expect(agenda.link(CRANE)).to_be_focused()
	agenda.keyboard.press("?")
	expect(agenda.dialog("Keys")).to_contain_text("In the activities: done, snooze")


def test_what_a_manager_gave_to_others(show, opportunities, crane):
	agenda = show(f"{ALONE}&scope=mine", user=MANAGER)
	expect(agenda.main).to_contain_text("Nothing matches.")
	opportunities.rest.update("ToDo", task(opportunities, DRAWINGS)["name"], assigned_by=MANAGER)
	agenda.button("Delegated").click()
	agenda.expect_due("Today", DRAWINGS)


@pytest.fixture
def many(opportunities, crane):
	"""Tasks of one day, in so far a section that nobody looks through."""
	about = {"reference_type": "Opportunity", "reference_name": crane, "allocated_to": SALESPERSON}
	docs = [
		{"doctype": "ToDo", "description": f"Part {number:03}", "date": opportunities.day(30), **about}
		for number in range(MANY)
	]
	for start in range(0, MANY, AT_ONCE):
		opportunities.rest.call("frappe.client.insert_many", docs=docs[start : start + AT_ONCE])
	return crane


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_long_section_is_read_in_parts(show, opportunities, many, size):
	count = MANY + 1  # with the samples; the appointment is somebody else's
	agenda = show(f"{ALONE}&due=later", size=size)
	expect(agenda.main.get_by_role("listitem").first).to_have_attribute("aria-setsize", str(count))
	agenda.scroll_to(count)
	agenda.keyboard.press("End")
	expect(agenda.page.locator("li:focus-within")).to_have_attribute("aria-posinset", str(count))
	for _time in range(3):
		agenda.keyboard.press("ArrowUp")
	expect(agenda.page.locator("li:focus-within")).to_have_attribute("aria-posinset", str(count - 3))
	assert_accessible(agenda.page)

	agenda.keyboard.press("d")
	agenda.expect_said("Done: Part")
	expect(agenda.page.locator("li:focus-within")).to_have_attribute("aria-setsize", str(count - 1))
	assert agenda.focused() == (count - 3, count - 1)
	agenda.keyboard.press("z")
	agenda.expect_said("Undone")
	expect(agenda.page.locator("li:focus-within")).to_have_attribute("aria-setsize", str(count))

	opportunities.rest.update("ToDo", task(opportunities, SAMPLES)["name"], status="Closed")
	agenda.reread()
	expect(agenda.page.locator("li:focus-within")).to_have_attribute("aria-setsize", str(count - 1))
	place, _count = agenda.focused()
	assert place >= count - 4, "who looks at the end of it stays there"
	agenda.keyboard.press("Home")
	expect(agenda.page.locator("li:focus-within")).to_have_attribute("aria-posinset", "1")
	expect(agenda.page.locator("li:focus-within")).to_be_in_viewport()


def test_the_keyboard_waits_at_the_end_of_what_is_loaded(show, opportunities, many):
	opportunities.rest.update("ToDo", task(opportunities, DRAWINGS)["name"], status="Closed")
	agenda = show(ALONE)
	expect(agenda.section("Done").locator(".count")).to_have_text("1")
	held = []
	agenda.page.route(ASKED, lambda route: held.append(route))
	agenda.keyboard.press("End")
	expect(agenda.link(DRAWINGS)).to_be_focused()
	agenda.keyboard.press("k")
	row = agenda.page.locator("li:focus-within")
	expect(row).to_have_attribute("aria-posinset", "30")
	agenda.keyboard.press("j")
	expect(row).to_have_attribute("aria-posinset", "30")
	for route in held:
		route.continue_()
	agenda.page.unroute(ASKED)
	expect(agenda.section("Later").locator("li[aria-posinset='31']")).to_be_attached()
	agenda.keyboard.press("j")
	expect(row).to_have_attribute("aria-posinset", "31")


def test_by_touch(show, opportunities, crane):
	agenda = show("/pipeline?text=shipyard", size=PHONE)
	agenda.button("Activities").tap()
	agenda.button(f"Done: {DRAWINGS} · {CRANE}").tap()
	agenda.expect_said(f"Done: {DRAWINGS}")
	assert_no_overflow(agenda.page)
	agenda.link(SAMPLES).tap()
	agenda.opened(CRANE)
	expect(agenda.main).to_be_hidden()
	agenda.panel.get_by_role("button", name="Back", exact=True).first.tap()
	expect(agenda.link(SAMPLES)).to_be_in_viewport()


def test_its_looks(show, opportunities, crane):
	agenda = show("/pipeline?view=activities&scope=all")
	expect(agenda.row(DRAWINGS)).to_be_visible()
	assert_sound(agenda.page, sizes=list(SIZES))
