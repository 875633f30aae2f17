"""Every state of the page: accessible in every theme, in German and Arabic, and never wider than the screen."""

import pytest

from crm_pipeline.tests.page.browser import SIZES, THEMES
from crm_pipeline.tests.page.looking import WIDER, expect, looks, violations
from crm_pipeline.tests.page.pipeline import Pipeline
from crm_pipeline.tests.page.servers import MANAGER

HARBOUR = "Racking for the harbour"
ONE = "/pipeline?scope=all&text=harbour"
COLOUR_RULES = ("color-contrast",)
# Each dialog by the key that opens it, from a card that has the focus.
DIALOGS = {
	"?": "keys",
	"N": "new",
	"f": "filters",
	"v": "views",
	".": "actions",
	"m": "move",
	"d": "done",
	"s": "snooze",
	"n": "note",
	"c": "call",
	"w": "won",
	"l": "lost",
	"p": "pause",
	"o": "assign",
	"q": "quote",
}


@pytest.fixture
def show(open_page, opportunities):
	"""Open the page where one opportunity has all that a panel can show."""
	values = {"next_contact_date": opportunities.moment(-1), "to_discuss": "The colour", "currency": "USD"}
	name = opportunities.make(
		HARBOUR, opportunity_amount=1200, expected_closing=opportunities.day(-2), **values
	)
	said = {"opportunity": name, "kind": "Call", "text": "They want it in grey"}
	opportunities.rest.call("crm_pipeline.api.activities.add_activity", **said)
	task = {"opportunity": name, "description": "Send the plan", "date": opportunities.day(-1)}
	opportunities.rest.call("crm_pipeline.api.activities.add_task", **task)
	opportunities.rest.insert("Pipeline View", title="What is late", query="state=overdue", shared=1)
	return lambda path=ONE, **options: Pipeline(open_page(path, user=MANAGER, **options))


class Found:
	"""What is wrong with the states of a page, collected, so that one run names all of it."""

	def __init__(self, pipeline: Pipeline) -> None:
		self.page = pipeline.page
		self.problems: list[str] = []

	def look(self, state: str, context: str | None = None, themes=tuple(THEMES), sizes=tuple(SIZES)) -> None:
		"""Judge the page, or a part of it, in each theme, and its width in each size."""
		for number, theme in enumerate(looks(self.page, ["wide"], themes)):
			rules = COLOUR_RULES if number else ()
			self.add(f"{state}, {theme}", violations(self.page, context, rules))
		for size in looks(self.page, sizes, themes[:1]):
			self.add(f"{state}, {size}", self.page.evaluate(WIDER))
		self.page.set_viewport_size(SIZES["wide"]._asdict())

	def add(self, state: str, told: list[str]) -> None:
		self.problems += [f"{state}: {problem}" for problem in told]

	def nothing(self) -> bool:
		assert not self.problems, "\n".join(self.problems)
		return True


def look_at_dialogs(pipeline, themes):
	"""Open each dialog and judge it, and what of the page it must not widen."""
	found = Found(pipeline)
	for key, name in DIALOGS.items():
		pipeline.keyboard.press(key)
		expect(pipeline.page.locator("dialog[open]")).to_be_visible()
		expect(pipeline.page.locator("dialog[open] .none", has_text="…")).to_have_count(0)
		found.look(name, "dialog[open]", themes)
		pipeline.keyboard.press("Escape")
		expect(pipeline.page.locator("dialog[open]")).to_be_hidden()
	assert found.nothing()


def look_at_regions(pipeline, themes):
	found = Found(pipeline)
	pipeline.link(HARBOUR).click()
	expect(pipeline.panel.locator(".timeline")).to_contain_text("They want it in grey")
	found.look("panel", None, themes)
	for number, tab in enumerate(("details", "offers"), 1):
		pipeline.panel.get_by_role("tab").nth(number).click()
		found.look(f"panel, {tab}", "#panel", themes)
	pipeline.panel.locator(".panel-bar .close").click()
	for view, number in {"list": 1, "day": 2}.items():
		pipeline.page.locator(".views button").nth(number).click()
		expect(pipeline.link(HARBOUR)).to_be_visible()
		found.look(view, None, themes)
	pipeline.page.locator(".views button").nth(0).click()
	pipeline.page.locator(".menu summary").last.click()
	found.look("user menu", None, themes[:1])
	assert found.nothing()


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_regions(show, language):
	pipeline = show(language=language)
	look_at_regions(pipeline, tuple(THEMES) if language == "en" else ("light",))


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_dialogs(show, language):
	pipeline = show(language=language)
	pipeline.keyboard.press("j")
	expect(pipeline.link(HARBOUR)).to_be_focused()
	look_at_dialogs(pipeline, tuple(THEMES) if language == "en" else ("light",))


def test_many_chosen_in_the_list(show):
	pipeline = show("/pipeline?view=list&scope=all")
	pipeline.main.get_by_role("checkbox", name="Choose all that are loaded").check()
	found = Found(pipeline)
	found.look("toolbar")
	pipeline.main.get_by_role("toolbar").get_by_role("button", name="Declare Lost").click()
	expect(pipeline.dialog()).to_be_visible()
	found.look("dialog of many", "dialog[open]")
	assert found.nothing()


class TestTheSitesWay:
	"""Figures and directions follow the site and its language, not the browser."""

	def test_arabic_runs_from_right_to_left(self, show):
		pipeline = show(language="ar")
		assert pipeline.page.evaluate("getComputedStyle(document.body).direction") == "rtl"
		left = pipeline.column("Lead").bounding_box()["x"]
		assert left > pipeline.column("Closing").bounding_box()["x"]
		pipeline.keyboard.press("j")
		expect(pipeline.link(HARBOUR)).to_be_focused()
		pipeline.keyboard.press("Space")
		pipeline.keyboard.press("ArrowLeft")
		pipeline.keyboard.press("Space")
		pipeline.expect_in("Pitching", HARBOUR)

	@pytest.fixture
	def in_crores(self, opportunities):
		"""The site writes amounts as India does."""
		settings = ("System Settings", "System Settings")
		before = opportunities.rest.get(*settings).get("number_format")
		opportunities.rest.update(*settings, number_format="#,##,###.##")
		yield
		opportunities.rest.update(*settings, number_format=before)

	def test_amounts_are_written_as_the_site_writes_them(self, in_crores, show, opportunities):
		opportunities.make("Ten crore for the harbour", opportunity_amount=1017497841.59, currency="USD")
		pipeline = show(language="de")
		expect(pipeline.card("Ten crore for the harbour")).to_contain_text("$1,01,74,97,841.59")
