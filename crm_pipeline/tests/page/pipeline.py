"""The pipeline page as a person speaks of it: its cards, columns, dialogs, panel and notices."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm_pipeline.tests.page.looking import expect
from crm_pipeline.tests.page.rest import Rest
from crm_pipeline.tests.page.servers import SALESPERSON, Server

if TYPE_CHECKING:
	from playwright.sync_api import Locator, Page

PROCESS = "Standard"
USUAL = {"sales_process": PROCESS, "sales_stage": "Lead", "opportunity_owner": SALESPERSON}
CHANGES = re.compile("changes_since")
MOVES = "crm_pipeline.api.moves"


class Pipeline:
	"""What is found on a page that shows opportunities."""

	def __init__(self, page: "Page") -> None:
		self.page = page
		self.keyboard = page.keyboard
		self.main = page.get_by_role("main")
		self.panel = page.get_by_role("complementary")
		self.notice = page.get_by_role("region", name="Notice")
		self.filters = page.get_by_role("region", name="Filters")
		self.condition = page.locator(".condition")
		self.search = page.get_by_role("combobox", name="Search by title")

	def button(self, name: str) -> "Locator":
		return self.page.get_by_role("button", name=name, exact=True)

	def column(self, stage: str) -> "Locator":
		return self.main.get_by_role("region", name=stage, exact=True)

	def link(self, title: str) -> "Locator":
		"""Where the title of an opportunity stands on the board, in the list or in the queue."""
		return self.main.get_by_role("link", name=title, exact=True)

	def card(self, title: str) -> "Locator":
		return self.main.get_by_role("article").filter(
			has=self.page.get_by_role("link", name=title, exact=True)
		)

	def dialog(self, title: str = "") -> "Locator":
		return self.page.get_by_role("dialog", name=title)

	def show(self, view: str) -> None:
		self.page.get_by_role("navigation", name="View").get_by_role("button", name=view, exact=True).click()

	def open(self, title: str) -> "Locator":
		"""Open the panel of an opportunity by its title, and wait for what it says."""
		self.link(title).click()
		return self.opened(title)

	def opened(self, title: str) -> "Locator":
		expect(self.panel.get_by_role("heading", name=title).first).to_be_visible()
		return self.panel

	def drag(self, title: str, stage: str) -> None:
		self.card(title).drag_to(self.column(stage))

	def expect_said(self, text: str) -> None:
		expect(self.notice).to_contain_text(text)

	def expect_in(self, stage: str, title: str) -> None:
		expect(self.column(stage).get_by_role("link", name=title, exact=True)).to_be_visible()

	@contextmanager
	def unaware(self) -> Iterator[None]:
		"""Keep from the page for a while what others have changed."""
		self.page.route(CHANGES, lambda route: route.abort())
		yield
		self.page.unroute(CHANGES)

	def reread(self) -> None:
		"""Come back to the window, as from another one, which asks for what has changed."""
		self.page.evaluate("dispatchEvent(new Event('focus'))")


class Opportunities:
	"""Makes opportunities over REST and tells what has become of them."""

	def __init__(self, server: Server, rest: Rest) -> None:
		self.server, self.rest = server, rest

	def make(self, title: str, **values: Any) -> str:
		return self.rest.insert("Opportunity", title=title, **USUAL | values)["name"]

	def make_many(self, title: str, count: int, **values: Any) -> None:
		"""Make so many at once, each with its number, from 0 on, where the title has braces."""
		self.server.make_many(self.rest, title, count, USUAL | values)

	def named(self, title: str) -> str:
		return self.rest.get_list("Opportunity", {"title": title})[0]["name"]

	def of(self, title: str) -> dict:
		"""Return the document of an opportunity as it is stored."""
		return self.rest.get("Opportunity", self.named(title))

	def said(self, title: str) -> list[dict]:
		"""Return what its timeline has beside changes, newest first."""
		rows = self.rest.ask("crm_pipeline.api.panel.get_timeline", opportunity=self.named(title), limit=100)[
			"rows"
		]
		return [row for row in rows if row["kind"] != "Change"]

	def move(self, title: str, stage: str) -> None:
		opportunity = self.of(title)
		arguments = {
			"opportunity": opportunity["name"],
			"sales_stage": stage,
			"from_stage": opportunity["sales_stage"],
		}
		self.rest.call(f"{MOVES}.move_to_stage", **arguments)

	def now(self) -> datetime:
		"""Return the site's time."""
		answer = self.rest.ask("crm_pipeline.api.my_day.get_my_day", limit=1)
		return datetime.fromisoformat(answer["now"])

	def moment(self, days: int) -> str:
		"""Return nine o'clock so many days from the site's today, as it is stored."""
		return f"{self.day(days)} 09:00:00"

	def day(self, days: int) -> str:
		return str((self.now() + timedelta(days=days)).date())

	def written(self, days: int) -> str:
		"""Return a day as the site writes it."""
		year, month, day = self.day(days).split("-")
		form = self.rest.get("System Settings", "System Settings").get("date_format") or "yyyy-mm-dd"
		return form.replace("yyyy", year).replace("mm", month).replace("dd", day)

	def later(self, check: Callable[[], Any], seconds: float = 20) -> Any:
		"""Return what a function answers as soon as that is true."""
		end = datetime.now() + timedelta(seconds=seconds)
		while not (found := check()):
			assert datetime.now() < end, f"Not in {seconds} s: {check}"
		return found
