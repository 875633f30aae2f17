"""Text and collections: cleaning, comparing."""

import re
from collections.abc import Iterable

from frappe.runtime.tools import as_unicode

HTML_ESCAPES = str.maketrans({"&": "&amp;", '"': "&quot;", "'": "&apos;", ">": "&gt;", "<": "&lt;"})
TAG_OR_COMMENT = re.compile(r"<!--.*?-->|<[^>]*>")


def cstr(s, encoding: str = "utf-8") -> str:
	return as_unicode(s, encoding)


def strip(val: str | None, chars: str | None = None) -> str:
	"""Strip a text, and drop the invisible spaces that copying from elsewhere leaves in it."""
	return (val or "").replace("\ufeff", "").replace("\u200b", "").strip(chars)


def strip_html(text: str) -> str:
	"""Remove everything in angle brackets, and comments."""
	return TAG_OR_COMMENT.sub("", text)


def escape_html(text):
	return text.translate(HTML_ESCAPES) if isinstance(text, str) else text


def unique(seq: Iterable) -> list:
	"""Return the list without repetitions, in its order."""
	return list(dict.fromkeys(seq))


def has_common(l1: Iterable, l2: Iterable) -> set:
	return set(l1) & set(l2)
