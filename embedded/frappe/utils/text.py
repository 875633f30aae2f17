"""Text: cleaning, comparing."""

import re
from typing import Any

HTML_ESCAPES = str.maketrans({"&": "&amp;", '"': "&quot;", "'": "&apos;", ">": "&gt;", "<": "&lt;"})
INVISIBLE = re.compile("[\ufeff\u200b]")
TAG_OR_COMMENT = re.compile(r"<!--.*?-->|<[^>]*>")


def cstr(s: Any) -> str:
	"""Return text, decoded from UTF-8 where it is bytes; "" for None."""
	if s is None:
		return ""
	return s.decode() if isinstance(s, bytes) else str(s)


def strip(val: str | None) -> str:
	"""Strip a text, and drop the invisible spaces that copying from elsewhere leaves in it."""
	return INVISIBLE.sub("", val or "").strip()


def strip_html(text: str) -> str:
	"""Remove everything in angle brackets, and comments."""
	return TAG_OR_COMMENT.sub("", text)


def escape_html(text: Any) -> Any:
	return text.translate(HTML_ESCAPES) if isinstance(text, str) else text
