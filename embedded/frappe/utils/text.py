"""Text and collections: cleaning, joining, comparing."""

import json
import random
import re
import string
from collections.abc import Generator, Iterable

import frappe

HTML_ESCAPES = str.maketrans({"&": "&amp;", '"': "&quot;", "'": "&apos;", ">": "&gt;", "<": "&lt;"})
TAG_OR_COMMENT = re.compile(r"<!--.*?-->|<[^>]*>")
HTML_TAG = re.compile("<[^>]+>")


def cstr(s, encoding: str = "utf-8") -> str:
	return frappe.as_unicode(s, encoding)


def encode(obj, encoding: str = "utf-8"):
	"""Return text as bytes, also inside a list; anything else unchanged."""
	if isinstance(obj, list):
		return [encode(item, encoding) if isinstance(item, str) else item for item in obj]
	return obj.encode(encoding) if isinstance(obj, str) else obj


def strip(val: str | None, chars: str | None = None) -> str:
	"""Strip a text, and drop the invisible spaces that copying from elsewhere leaves in it."""
	return (val or "").replace("\ufeff", "").replace("\u200b", "").strip(chars)


def strip_html(text: str) -> str:
	"""Remove everything in angle brackets, and comments."""
	return TAG_OR_COMMENT.sub("", text)


def escape_html(text):
	return text.translate(HTML_ESCAPES) if isinstance(text, str) else text


def is_html(text: str) -> bool:
	return bool(HTML_TAG.search(text)) if isinstance(text, str) else False


def get_abbr(string: str, max_len: int = 2) -> str:
	return "".join(word[0] for word in string.split()[:max_len]) or "?"


def comma_or(some_list, add_quotes: bool = True):
	return comma_sep(some_list, frappe._("{0} or {1}"), add_quotes)


def comma_and(some_list, add_quotes: bool = True):
	return comma_sep(some_list, frappe._("{0} and {1}"), add_quotes)


def comma_sep(some_list, pattern: str, add_quotes: bool = True):
	"""Join a list as a sentence does; a single entry is not quoted, what is no list comes back unchanged."""
	if not isinstance(some_list, list | tuple):
		return some_list
	words = [str(word) for word in some_list]
	if len(words) < 2:
		return "".join(words)
	if add_quotes:
		words = [f"'{word}'" for word in words]
	return pattern.format(", ".join(frappe._(word) for word in words[:-1]), words[-1])


def unique(seq: Iterable) -> list:
	"""Return the list without repetitions, in its order."""
	return list(dict.fromkeys(seq))


def has_common(l1: Iterable, l2: Iterable) -> set:
	return set(l1) & set(l2)


def create_batch(iterable, size: int) -> Generator:
	"""Yield slices of at most `size` entries."""
	for start in range(0, len(iterable), size):
		yield iterable[start : start + size]


def random_string(length: int) -> str:
	"""Return letters and digits by chance. Not for secrets: those come from frappe.generate_hash."""
	return "".join(random.choices(string.ascii_letters + string.digits, k=length))


def parse_json(val):
	"""Return what JSON text stands for, an object as frappe._dict; other values unchanged."""
	if isinstance(val, str):
		val = json.loads(val)
	return frappe._dict(val) if isinstance(val, dict) else val


def get_safe_filters(filters):
	"""Return filters that may have come as JSON; a plain name stays text."""
	try:
		filters = json.loads(filters)
	except (TypeError, ValueError):
		return filters
	return cstr(filters) if isinstance(filters, int | float) else filters
