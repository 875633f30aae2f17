"""What a test of the page is given."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm_pipeline.tests.page import servers
from crm_pipeline.tests.page.bench import from_environment
from crm_pipeline.tests.page.browser import PATIENCE_MS, WIDE, NoBrowser, Size, launch, options_for
from crm_pipeline.tests.page.looking import Console, wait_until_loaded
from crm_pipeline.tests.page.pipeline import Opportunities
from crm_pipeline.tests.page.rest import Rest

if TYPE_CHECKING:
	from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	for item in items:
		if HERE in item.path.parents:
			item.add_marker(pytest.mark.page)


@pytest.fixture(scope="session", autouse=True)
def site() -> None:
	"""No site within this process, which other tests have: the page's is served by another."""


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
	from playwright.sync_api import sync_playwright

	with sync_playwright() as playwright:
		try:
			started = launch(playwright)
		except NoBrowser as error:
			pytest.exit(str(error), returncode=1)
		yield started
		started.close()


@pytest.fixture(scope="session")
def server(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
	"""Who serves the page; where PAGE_URL names no bench an embedded host, that has `kill` and `start` too."""
	served = from_environment() or servers.EmbeddedServer(tmp_path_factory.mktemp("sites"))
	yield served
	served.stop()


@pytest.fixture(scope="session")
def sessions(server: servers.Server) -> Iterator[dict[str, Rest]]:
	"""One session of each of the demo's people and of the administrator, which outlast `restore`.

	After all tests a bench has to be as it was.
	"""
	users = (*servers.PEOPLE, server.administrator)
	opened = {user: server.new_session(user) for user in users}
	server.keep()
	yield opened
	left = server.differences()
	if left:
		pytest.fail("The site is not as it was:\n" + "\n".join(left), pytrace=False)


@pytest.fixture(scope="class", autouse=True)
def restored(server: servers.Server, sessions: dict[str, Rest]) -> Iterator[None]:
	"""Each class of tests, and each test outside of one, finds the demo as it was built."""
	yield
	server.restore()


@pytest.fixture
def rest(server: servers.Server) -> Rest:
	"""A session of the administrator over REST, to prepare and to look up."""
	return server.sign_in(server.administrator)


@pytest.fixture
def windows() -> Iterator[ExitStack]:
	"""What closes the browsers of a test. They ask on until then, so that it comes before anything is put back."""
	with ExitStack() as opened:
		yield opened


@pytest.fixture
def opportunities(server: servers.Server, rest: Rest, windows: ExitStack) -> Iterator[Opportunities]:
	"""Makes opportunities, which are gone after the test."""
	yield Opportunities(server, rest)
	windows.close()
	server.restore()


@pytest.fixture
def console() -> Iterator[Console]:
	"""The complaints of the test's browsers; what is not allowed fails the test."""
	heard = Console()
	yield heard
	assert not heard.left(), "\n".join(heard.left())


@pytest.fixture
def open_page(
	browser: "Browser",
	server: servers.Server,
	sessions: dict[str, Rest],
	console: Console,
	windows: ExitStack,
) -> "Callable[..., Page]":
	"""A function that opens a page in a browser of its own, which is closed after the test.

	Its arguments: the path; `user`, who is signed in, or None for a guest; `size`, `theme` and `language`, see
	`browser`; and whatever else Playwright takes for a new context. Two calls are two browsers.
	"""

	def open_page(
		path: str = "/pipeline",
		user: str | None = servers.MANAGER,
		size: Size = WIDE,
		theme: str = "light",
		language: str = "en",
		**options: Any,
	) -> "Page":
		if user:
			server.speak(user, language)
		wanted = options_for(size, theme, language) | options
		context = browser.new_context(base_url=server.url, **wanted)
		context.set_default_timeout(PATIENCE_MS)
		windows.callback(context.close)
		if user:
			context.add_cookies(sessions[user].cookies())
		page = context.new_page()
		console.watch(page)
		page.goto(path)
		wait_until_loaded(page)
		return page

	return open_page


# What needs the embedded host by its nature, and why.
ONLY_EMBEDDED = {
	"killable": "a bench is not ours to kill",
	"own_login": "the login page of a bench is Frappe's own",
}


def embedded(server: servers.Server, fixture: str) -> servers.EmbeddedServer:
	"""Return the embedded host; on a bench the test is skipped, for the reason that the fixture has."""
	if not isinstance(server, servers.EmbeddedServer):
		pytest.skip(ONLY_EMBEDDED[fixture])
	return server


@pytest.fixture
def killable(server: servers.Server) -> Iterator[servers.EmbeddedServer]:
	"""The host, to be killed; it runs again after the test."""
	host = embedded(server, "killable")
	yield host
	if host.process.poll() is not None:
		host.start()


@pytest.fixture
def own_login(server: servers.Server) -> None:
	"""The login page is the one of the embedded host."""
	embedded(server, "own_login")
