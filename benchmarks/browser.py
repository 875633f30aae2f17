"""How the pipeline page feels in Chromium, on a quick machine and on a slow phone.

`python -m benchmarks.browser --url URL --user USER --password PASSWORD`, under a Python that has
`embedded/requirements-page.txt`. It moves opportunities of the site back and forth; use a site that may be changed.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple

from crm_pipeline.tests.page.browser import PHONE, WIDE, Size, launch, options_for
from crm_pipeline.tests.page.rest import Rest

if TYPE_CHECKING:
	from playwright.sync_api import Browser, BrowserContext, Page

TIMES, DROPS = 7, 30
# Milliseconds from the start of the navigation until the first card can be seen.
FIRST_CARD = """() => new Promise((done) => {
	const look = () => document.querySelector("main .card")
		? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look);
	look();
})"""
SENT = "() => performance.getEntries().reduce((sum, each) => sum + (each.transferSize || 0), 0) / 1024"
CARDS = "() => document.querySelectorAll('main .card').length"
# Milliseconds of what the browser counts as an interaction, with all that happens until its picture has changed.
WATCH = """() => {
	window.interactions = [];
	new PerformanceObserver((list) => interactions.push(
		...list.getEntries().filter((each) => each.interactionId).map((each) => each.duration)))
		.observe({ type: "event", durationThreshold: 16, buffered: true });
}"""


class Device(NamedTuple):
	"""Of whom the page is opened; `slowness` of the processor in times, the line in milliseconds and Mbit/s."""

	name: str
	size: Size
	slowness: int = 1
	latency: int = 0
	line: float = 0


DESKTOP = Device("desktop", WIDE)
SLOW_PHONE = Device("slow phone", PHONE, slowness=4, latency=150, line=1.6)


def main() -> int:
	parser = argparse.ArgumentParser(prog="python -m benchmarks.browser", description=__doc__)
	parser.add_argument("--url", required=True)
	parser.add_argument("--user", required=True)
	parser.add_argument("--password", required=True)
	options = parser.parse_args()
	from playwright.sync_api import sync_playwright  # whoever asks what it takes needs no browser

	rest = Rest(options.url.rstrip("/"), options.user, options.password)
	with sync_playwright() as playwright:
		browser = launch(playwright)
		for device in (DESKTOP, SLOW_PHONE):
			print(f"\n{device.name}")
			loading(browser, rest, device)
		print("\nworking")
		working(browser, rest)
		browser.close()
	return 0


@contextmanager
def opened(browser: "Browser", rest: Rest, device: Device) -> "Iterator[BrowserContext]":
	"""Yield a browser that nothing is stored in, signed in."""
	context = browser.new_context(base_url=rest.url, **options_for(device.size, "light", "en"))
	context.add_cookies(rest.cookies())
	yield context
	context.close()


def page_of(context: "BrowserContext", device: Device) -> "Page":
	page = context.new_page()
	session = context.new_cdp_session(page)
	session.send("Emulation.setCPUThrottlingRate", {"rate": device.slowness})
	if device.line:
		speed = device.line * 1_000_000 / 8
		line = {"latency": device.latency, "downloadThroughput": speed, "uploadThroughput": speed}
		session.send("Network.enable")
		session.send("Network.emulateNetworkConditions", {"offline": False, **line})
	return page


def loading(browser: "Browser", rest: Rest, device: Device) -> None:
	"""Print when the first card can be seen, with nothing stored and once more, what was sent, and how many cards stand there."""
	cold, warm, sent_cold, sent_warm = ([] for _list in range(4))
	for _time in range(TIMES):
		with opened(browser, rest, device) as context:
			for times, sent in ((cold, sent_cold), (warm, sent_warm)):
				page = page_of(context, device)
				page.goto("/pipeline", wait_until="commit")
				times.append(page.evaluate(FIRST_CARD))
				page.wait_for_load_state("networkidle")
				sent.append(page.evaluate(SENT))
				cards = page.evaluate(CARDS)
				page.close()
	print(f"first card, nothing stored  {median(cold):7.0f} ms {median(sent_cold):7.1f} KB sent")
	print(f"first card, once more       {median(warm):7.0f} ms {median(sent_warm):7.1f} KB sent")
	print(f"cards in the document       {cards:7}")


def working(browser: "Browser", rest: Rest) -> None:
	"""Print how long a drop takes until the server has confirmed it, and how long a key until its picture."""
	with opened(browser, rest, DESKTOP) as context:
		page = page_of(context, DESKTOP)
		page.goto("/pipeline")
		page.wait_for_load_state("networkidle")
		page.evaluate(WATCH)
		drops = [drop(page, number) for number in range(DROPS)]
		for key in "jjjjkk":
			page.keyboard.press(key)
		for _page in range(4):
			page.locator("main .column").first.evaluate(
				"each => each.querySelector('.scroll').scrollBy(0, 900)"
			)
			page.wait_for_timeout(150)
		page.locator("main .card a").first.click()
		page.wait_for_load_state("networkidle")
		waits = page.evaluate("() => interactions")
		print(f"drop until confirmed        {median(drops):7.0f} ms, p95 {quantiles(drops, n=20)[-1]:.0f} ms")
		print(
			f"interaction to next paint   {max(waits, default=0):7.0f} ms at the most, of {len(waits)} above 16 ms"
		)
		print(f"cards after scrolling       {page.evaluate(CARDS):7}")


def drop(page: "Page", number: int) -> float:
	"""Move the first card of the first column to the second and, the next time, one back."""
	columns = page.locator("main .column")
	source, target = columns.nth(number % 2), columns.nth(1 - number % 2)
	with page.expect_response(lambda response: "move_to_stage" in response.url) as answered:
		source.locator(".card").first.drag_to(target)
		start = page.evaluate("() => performance.now()")
	answered.value.finished()
	return page.evaluate("() => performance.now()") - start


if __name__ == "__main__":
	sys.exit(main())
