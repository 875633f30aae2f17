"""What translators get of records that the app ships as JSON, beside what Frappe's own extractors find."""

import json
from collections.abc import Collection, Iterator
from io import BytesIO
from typing import IO

from jinja2.ext import babel_extract

from crm_pipeline.processes.stage_boards import BOARD
from crm_pipeline.rules.colors import COLORS

# DocType -> the field whose value Desk or our pages show translated.
SHOWN = {
	"Assignment Rule": "name",
	"Custom Field": "label",
	"Dashboard Chart": "chart_name",
	"Kanban Board": "name",
	"Lead Source": "name",
	"Lost Reason": "name",
	"Number Card": "label",
	"Opportunity Type": "name",
	"Sales Process": "name",
	"Sales Stage": "name",
	"Workflow Action Master": "name",
	"Workflow State": "name",
}
# The DocTypes whose statuses are translated with it as context, since Frappe has other words for some.
SAID_BY_DOCTYPE = ("Opportunity", "Quotation", "Supplier Quotation", "Lead")


def extract(
	fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: dict
) -> Iterator[tuple]:
	"""Babel's extraction method: names and labels, descriptions, and what stands in `_()` in templates."""
	content = json.load(fileobj)
	for record in content if isinstance(content, list) else [content]:
		doctype, name = record["doctype"], record["name"]
		for item in record.get("items", ()):
			yield None, "_", item["label"], [f"Label in the {doctype} '{name}'"]
		for step in record.get("steps", ()):
			for field in ("title", "description"):
				yield None, "_", step[field], [f"{field.capitalize()} of a step in the {doctype} '{name}'"]
		for field, text in record.items():
			if field in (SHOWN.get(doctype), "description") and "{{" not in text:
				yield None, "_", text, [f"{field.capitalize()} of the {doctype} '{name}'"]
			elif isinstance(text, str) and "_(" in text:
				template = BytesIO(text.encode())
				for _line, function, messages, _comments in babel_extract(
					template, keywords, comment_tags, options
				):
					yield None, function, messages, [f"In the {doctype} '{name}'"]


def extract_statuses(
	fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: dict
) -> Iterator[tuple]:
	"""Babel's extraction method for the table of statuses: each with its DocType as context."""
	for doctype in SAID_BY_DOCTYPE:
		for status in COLORS[doctype]:
			yield (
				0,
				"pgettext",
				(doctype, status),
				[f"Option for the 'Status' (Select) field in DocType '{doctype}'"],
			)


def extract_stage_board(
	fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: dict
) -> Iterator[tuple]:
	"""Babel's extraction method for the board that the installation makes of the default process: its name is its title."""
	yield 0, "_", BOARD, [f"Name of the Kanban Board '{BOARD}'"]
