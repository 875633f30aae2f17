"""What a docstring of this house says, by its parts."""

import re
from inspect import cleandoc
from textwrap import dedent
from typing import NamedTuple

HEADING = re.compile(r"^(Args|Returns|Raises):[ \t]*", re.MULTILINE)
ITEM = re.compile(r"^(?=\S)", re.MULTILINE)
NAMED = re.compile(r"(?s)^([\w., ]+):\s(.*)$")


class Docstring(NamedTuple):
	"""The first line, what follows it, a text for each argument, what is returned, and names of exceptions."""

	summary: str
	description: str
	arguments: dict[str, str]
	returns: str
	raises: tuple[str, ...]


def read(text: str | None) -> Docstring:
	"""Return the parts of a docstring; several arguments of one line share its text."""
	head, *sections = HEADING.split(cleandoc(text or ""))
	summary, _newline, description = head.strip().partition("\n")
	by_heading = dict(zip(sections[::2], sections[1::2], strict=True))
	return Docstring(
		summary,
		as_sentence(description),
		dict(_arguments(by_heading.get("Args", ""))),
		as_sentence(by_heading.get("Returns", "")),
		tuple(_exceptions(by_heading.get("Raises", ""))),
	)


def as_sentence(text: str) -> str:
	"""Return a text on one line, with single spaces and a capital at its beginning."""
	line = " ".join(text.split())
	return line[:1].upper() + line[1:]


def _items(section: str) -> list[str]:
	return [item for item in ITEM.split(dedent(section.lstrip("\n"))) if item.strip()]


def _arguments(section: str) -> list[tuple[str, str]]:
	found = []
	for item in _items(section):
		if named := NAMED.match(item):
			names, text = named.groups()
			found += [(name.strip(), as_sentence(text)) for name in names.split(",")]
	return found


def _exceptions(section: str) -> list[str]:
	found = []
	for item in _items(section):
		names, _colon, _text = item.partition(":")
		found += [name.strip().rpartition(".")[2] for name in names.split(",") if name.strip()]
	return found
