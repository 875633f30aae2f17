"""Who comes to the page, and who is turned away."""

import re

import pytest

from crm_pipeline.tests.page.browser import SIZES
from crm_pipeline.tests.page.looking import assert_sound, expect, wait_until_loaded
from crm_pipeline.tests.page.servers import BUYING, MANAGER, SALESPERSON


def sign_in(page, user, password):
	page.locator("input[autocomplete=username]:visible").fill(user)
	page.locator("input[autocomplete=current-password]:visible").fill(password)
	page.keyboard.press("Enter")


@pytest.mark.parametrize("user", [MANAGER, SALESPERSON, BUYING])
def test_a_guest_goes_to_the_login_and_back_to_the_page(open_page, server, console, user):
	console.allow(r"/assets/(?!crm_pipeline/)")  # what a login page of Frappe's may lack
	page = open_page(user=None)
	expect(page).to_have_url(re.compile(r"/login\?redirect-to=(/|%2F)pipeline(#login)?$"))
	sign_in(page, user, server.passwords[user])
	expect(page).to_have_url(re.compile(r"/pipeline$"))
	wait_until_loaded(page)
	expect(page.get_by_role("main")).to_be_visible()


def test_a_wrong_password_is_told(own_login, open_page, console):
	console.allow("status of 401")
	page = open_page(path="/login", user=None)
	sign_in(page, MANAGER, "wrong")
	expect(page.get_by_role("alert")).to_have_text(re.compile(r"\w"))
	expect(page).to_have_url(re.compile("/login$"))


def test_the_login_is_accessible_and_no_wider_than_the_screen(own_login, open_page):
	assert_sound(open_page(path="/login", user=None), sizes=SIZES)


class TestSwitchedOff:
	@pytest.fixture
	def switched_off(self, rest):
		rest.update("Selling Settings", "Selling Settings", disable_opportunities=1)
		yield
		rest.update("Selling Settings", "Selling Settings", disable_opportunities=0)

	def test_who_comes_is_told(self, switched_off, open_page, console):
		console.allow("status of 403")
		page = open_page()
		expect(page.get_by_role("heading", name="Opportunities Switched Off")).to_be_visible()
		assert_sound(page, sizes=SIZES)
