"""The page as it opens, in every size and theme."""

import pytest

from crm_pipeline.tests.page.browser import SIZES
from crm_pipeline.tests.page.looking import assert_sound, wait_until_loaded
from crm_pipeline.tests.page.servers import BUYING, MANAGER, SALESPERSON


@pytest.mark.parametrize("size", SIZES)
def test_it_is_accessible_and_no_wider_than_the_screen(open_page, size):
	assert_sound(open_page(size=SIZES[size]))


@pytest.mark.parametrize("language", ["de", "ar"])
def test_so_it_is_in_other_languages(open_page, language):
	page = open_page(language=language)
	assert page.locator("html").get_attribute("lang") == language
	assert_sound(page, sizes=SIZES, themes=["light"])


@pytest.mark.parametrize("user", [MANAGER, SALESPERSON, BUYING])
def test_it_shows_opportunities_of_the_site(open_page, rest, user):
	page = open_page(user=user)
	mine = {} if user != SALESPERSON else {"opportunity_owner": user}
	titles = {row["title"] for row in rest.get_list("Opportunity", mine, "title")}
	shown = page.get_by_role("main").inner_text()
	assert [title for title in titles if title in shown]


def test_nothing_is_asked_of_other_sites(open_page, server):
	page = open_page()
	asked = []
	page.on("request", lambda request: asked.append(request.url))
	page.reload()
	wait_until_loaded(page)
	assert asked
	assert [url for url in asked if not url.startswith((server.url, "data:"))] == []
