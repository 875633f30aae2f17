"""The checks of this folder find what is wrong."""

import pytest

from crm_pipeline.tests.page.browser import PHONE
from crm_pipeline.tests.page.looking import Console, assert_accessible, assert_no_overflow, assert_sound

PAGE = "<!DOCTYPE html><html lang=en><title>Page</title><main><h1>Page</h1>{}</main>"
PALE = "<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }</style><p>Pale in the dark</p>"


@pytest.fixture
def show(browser):
	page = browser.new_page(viewport=PHONE._asdict())
	yield lambda content: page.set_content(PAGE.format(content)) or page
	page.close()


def test_a_good_page_passes(show):
	assert_sound(show("<p>Words</p>"), sizes=["wide", "small phone"])


def test_a_picture_without_words_is_found(show):
	with pytest.raises(AssertionError, match="image-alt"):
		assert_accessible(show("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"))


def test_what_sticks_out_is_found_and_named(show):
	page = show("<p id=long style='width: 391px'>Words</p>")
	with pytest.raises(AssertionError, match='id="long"'):
		assert_no_overflow(page)


def test_what_one_theme_alone_breaks_is_found(show):
	with pytest.raises(AssertionError, match="dark: color-contrast"):
		assert_sound(show(PALE))


def test_errors_of_the_console_are_heard_unless_they_are_allowed(show):
	page, console = show(""), Console()
	console.watch(page)
	page.evaluate("console.error('one'); setTimeout(() => { throw new Error('two') })")
	page.wait_for_timeout(200)
	assert [error.rpartition(": ")[2] for error in console.left()] == ["one", "two"]
	console.allow("one$")
	assert len(console.left()) == 1
