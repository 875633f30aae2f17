"""What is asked of every page."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from crm_pipeline.tests.page.browser import PATIENCE_MS, SIZES, THEMES

if TYPE_CHECKING:
	from playwright.sync_api import ConsoleMessage, Page

LOADED = """() => document.readyState === "complete" && document.querySelector("main")
	&& !document.querySelector("[aria-busy='true']")"""
COLOUR_RULES = ("color-contrast", "link-in-text-block")  # what a theme can break
WIDER = """() => {
	const screen = document.documentElement.clientWidth;
	if (document.scrollingElement.scrollWidth <= screen) return [];
	const beyond = [...document.body.querySelectorAll("*")].filter((each) => {
		const box = each.getBoundingClientRect();
		return box.width && (box.right > screen + 1 || box.left < -1);
	});
	return [`the page is ${document.scrollingElement.scrollWidth} px wide`,
		...beyond.slice(0, 8).map((each) => each.outerHTML.slice(0, 160))];
}"""


def expect(actual: Any) -> Any:
	"""Return Playwright's assertions about a page or what was found on it; they wait until they hold."""
	from playwright.sync_api import expect

	expect.set_options(timeout=PATIENCE_MS)
	return expect(actual)


def wait_until_loaded(page: "Page") -> None:
	"""Wait until nothing on the page says any more that it is busy."""
	page.wait_for_function(LOADED)


def assert_accessible(page: "Page", context: str | None = None) -> None:
	"""Let axe-core judge the page as it is now, or what a selector finds of it."""
	found = violations(page, context)
	assert not found, "\n".join(found)


def violations(page: "Page", context: str | None = None, rules: Iterable[str] = ()) -> list[str]:
	"""Return what axe-core finds wrong, by these of its rules or by all."""
	from axe_playwright_python.sync_playwright import Axe

	options: dict[str, Any] = {"resultTypes": ["violations"]}
	if rules:
		options["runOnly"] = {"type": "rule", "values": list(rules)}
	found = Axe().run(page, context=context, options=options).response["violations"]
	return [describe(violation) for violation in found]


def describe(violation: dict) -> str:
	"""Return what axe-core found, and where."""
	places = [f"  {node['html'][:200]}\n    {node['failureSummary']}" for node in violation["nodes"][:5]]
	return "\n".join([f"{violation['id']}: {violation['help']} ({len(violation['nodes'])})", *places])


def assert_no_overflow(page: "Page") -> None:
	"""Refuse a page that has to be scrolled sideways, naming what sticks out."""
	found = page.evaluate(WIDER)
	assert not found, "\n".join(found)


def assert_sound(
	page: "Page", sizes: Collection[str] = ("",), themes: Collection[str] = tuple(THEMES)
) -> None:
	"""Refuse a page that is not accessible, or wider than the screen, in one of these sizes and themes."""
	found = []
	for number, look in enumerate(looks(page, sizes, themes)):
		rules = COLOUR_RULES if number % len(themes) else ()
		told = [*page.evaluate(WIDER), *violations(page, rules=rules)]
		found += [f"{look}: {problem}" for problem in told]
	assert not found, "\n".join(found)


def looks(page: "Page", sizes: Iterable[str], themes: Iterable[str]) -> Iterator[str]:
	"""Show the page in each size ("" is the one it has) and theme, one after the other, and say which."""
	for size in sizes:
		if size:
			page.set_viewport_size(SIZES[size]._asdict())
		for theme in themes:
			page.emulate_media(**THEMES[theme])
			yield f"{size} {theme}".strip()


class Console:
	"""What browsers complained about during a test; a test allows what it provokes."""

	def __init__(self) -> None:
		self.errors: list[str] = []
		self.allowed: list[str] = []

	def watch(self, page: "Page") -> None:
		page.on("console", self.hear)
		page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))

	def hear(self, message: "ConsoleMessage") -> None:
		if message.type == "error":
			self.errors.append(f"{message.location.get('url')}: {message.text}")

	def allow(self, pattern: str) -> None:
		"""Allow errors that a regular expression finds, for instance "status of 417"."""
		self.allowed.append(pattern)

	def left(self) -> list[str]:
		"""Return the errors that the test did not allow."""
		return [error for error in self.errors if not any(re.search(each, error) for each in self.allowed)]
