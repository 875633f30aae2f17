"""Cleaning of HTML that users send in: harmless markup stays, the rest is escaped."""

import json
import re
import warnings
from typing import Any

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
START_TAG = re.compile("<[a-zA-Z]")


def sanitize_html(html: Any, always_sanitize: bool = False) -> Any:
	"""Escape tags and drop attributes that could run a script.

	Text without any tag, and JSON, come back unchanged unless `always_sanitize` is set: escaping would
	damage `a < b` and quoted values."""
	if not isinstance(html, str) or not (always_sanitize or (START_TAG.search(html) and not _is_json(html))):
		return html
	return bleach.clean(
		html,
		tags=TAGS,
		attributes=lambda _tag, name, _value: name.startswith("data-") or name in ATTRIBUTES,
		css_sanitizer=STYLES,
		protocols=PROTOCOLS,
		strip_comments=False,
	)


def _is_json(text: str) -> bool:
	try:
		json.loads(text)
	except ValueError:
		return False
	return True
