"""Cleaning of HTML that users send in: harmless markup stays, the rest is escaped."""

import json
import warnings
from html.parser import HTMLParser

import bleach
from bleach.css_sanitizer import CSSSanitizer
from bleach_allowlist import all_styles

with warnings.catch_warnings():
	# its filter is deprecated, its lists of harmless names are what bleach and Frappe start from
	warnings.simplefilter("ignore", DeprecationWarning)
	from html5lib.filters import sanitizer

TAGS = {name for _namespace, name in sanitizer.allowed_elements} | {
	*("mark", "summary", "html", "head", "meta", "link", "body", "style", "o:p"),
}
ATTRIBUTES = {name for _namespace, name in sanitizer.allowed_attributes} | {
	*("allowfullscreen", "frameborder", "spellcheck", "xml:lang"),
	*("itemid", "itemprop", "itemref", "itemscope", "itemtype"),
}
PROTOCOLS = {"cid", "http", "https", "mailto"}
STYLES = CSSSanitizer(allowed_css_properties=all_styles)


def sanitize_html(html, linkify: bool = False, always_sanitize: bool = False):
	"""Escape tags and drop attributes that could run a script.

	Text without any tag, and JSON, come back unchanged unless `always_sanitize` is set: escaping would
	damage `a < b` and quoted values."""
	if not isinstance(html, str):
		return html
	if not always_sanitize and (is_json(html) or not _has_tag(html)):
		return html
	return bleach.clean(
		html,
		tags=TAGS,
		attributes=_is_allowed,
		css_sanitizer=STYLES,
		protocols=PROTOCOLS,
		strip_comments=False,
	)


def is_json(text: str) -> bool:
	try:
		json.loads(text)
	except ValueError:
		return False
	return True


def _is_allowed(_tag: str, name: str, _value: str) -> bool:
	return name.startswith("data-") or name in ATTRIBUTES


def _has_tag(text: str) -> bool:
	finder = _TagFinder()
	finder.feed(text)
	finder.close()
	return finder.found


class _TagFinder(HTMLParser):
	found = False

	def handle_starttag(self, _tag, _attrs):
		self.found = True
