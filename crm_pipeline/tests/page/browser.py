"""Finding Chromium, and the ways in which a page is looked at."""

import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
	from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_INSTALL = (
	"There is no Chromium to look at pages with. Install it (Debian: apt-get install chromium), or name the program: "
	"CHROMIUM=/path/to/chromium make test-browser"
)
FLAGS = (
	"no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update "
	"disable-sync"
).split()


class NoBrowser(Exception):
	"""There is no Chromium; says how to get one."""


class Size(NamedTuple):
	"""Of a window, in CSS pixels."""

	width: int
	height: int


WIDE = Size(1400, 900)
TABLET = Size(900, 1100)
PHONE = Size(390, 844)
SMALL_PHONE = Size(320, 640)
ZOOMED = Size(320, 256)  # 1280 by 1024 at 400 %
PATIENCE_MS = 30_000  # with what a page should come to show, on a machine that is busy
SIZES = {"wide": WIDE, "tablet": TABLET, "phone": PHONE, "small phone": SMALL_PHONE, "zoomed": ZOOMED}
THEMES = {
	"light": {"color_scheme": "light", "forced_colors": "none"},
	"dark": {"color_scheme": "dark", "forced_colors": "none"},
	"forced colours": {"color_scheme": "light", "forced_colors": "active"},
}
LOCALES = {"en": "en-US", "de": "de-DE", "ar": "ar-EG"}


def find_chromium() -> str:
	"""Return the program: what CHROMIUM names, else the first that is on the PATH.

	Raises:
		NoBrowser: there is none.
	"""
	names = (os.environ["CHROMIUM"],) if os.environ.get("CHROMIUM") else NAMES
	found = next(filter(None, map(shutil.which, names)), None)
	if not found:
		raise NoBrowser(HOW_TO_INSTALL)
	return found


def launch(playwright: "Playwright") -> "Browser":
	"""Start a headless Chromium."""
	flags = [f"--{flag}" for flag in FLAGS]
	return playwright.chromium.launch(executable_path=find_chromium(), args=flags, headless=True)


def options_for(size: Size, theme: str, language: str) -> dict[str, Any]:
	"""Return how a browser context is made that looks at a page like that; a phone's is touched."""
	is_phone = size in (PHONE, SMALL_PHONE)
	return {
		"viewport": size._asdict(),
		"has_touch": is_phone,
		"is_mobile": is_phone,
		"locale": LOCALES[language],
		"reduced_motion": "reduce",  # so that nothing is looked at while it moves or fades
		**THEMES[theme],
	}
