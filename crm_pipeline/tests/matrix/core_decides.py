"""What only Frappe can mend. docs/administration.md names the same to those who run a site."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
	"""Paths that tell everybody of certain records of the hidden chain, in these versions of Frappe."""

	paths: tuple[str, ...]
	tells: tuple[str, ...]
	why: str
	versions: str


CORE_DECIDES = (
	Decision(
		("tag.get_tags", "get_tags_list_for_awesomebar", "list of Tag", "report view of Tag"),
		("Tag Link",),
		"A tag is a record of its own that belongs to no document: its name is told to everybody who may tag. Which "
		"documents carry it is not.",
		"15.72, 16.17",
	),
	Decision(
		(
			"kanban board",
			"resource of Kanban Board",
			*(
				f"{view} of {doctype}"
				for view in ("list", "report view")
				for doctype in ("Kanban Board", "Kanban Board Column")
			),
		),
		("Opportunity", "Quotation", "Supplier Quotation"),
		"A board keeps the order of its cards as names of records. It is read as a whole.",
		"15.72, 16.17",
	),
	Decision(
		(
			*(
				f"{view} of {doctype}"
				for view in ("list", "report view")
				for doctype in ("Contact", "Dynamic Link", "Event Participants", "Communication Link")
			),
		),
		("Lead", "Customer", "Communication", "Event", "Contact"),
		"Contacts, mails and events name whom they are about, also a party that User Permissions hide.",
		"15.72",
	),
	Decision(
		("form.linked_with.get about Customer",),
		("Opportunity", "Quotation"),
		"16.17 says how many records are linked, beside those that it shows.",
		"16.17",
	),
	Decision(
		("search_link ignoring User Permissions",),
		("Lead", "Customer"),
		"A search may ask that User Permissions be ignored, for links that an admin has made so; 15.72 does not look "
		"whether the link is one.",
		"15.72",
	),
	Decision(
		(
			*(f"{view} of Notification Log" for view in ("list", "report view")),
			"list about Notification Log",
			"reportview.get about Notification Log",
			"reportview.export_query about Notification Log",
		),
		("Opportunity", "Event", "Communication", "Notification Log"),
		"One's own notifications keep naming what one was told of.",
		"15.72, 16.17",
	),
)

# Conditions of lists on a field of a permission level that the user lacks: 15.72 allows them, 16.17 refuses. Two answer
# with the name alone, where the level keeps the field.
CONDITIONS_ON_LEVELS = frozenset(
	(
		"client.get_count by name",
		"list by filter",
		"list by or_filters",
		"client.get_value",
		"client.get_value by filter",
		"client.validate_link",
		"client.validate_link_and_fetch",
		"reportview.get by filter",
		"reportview.get_count",
		"search_link by filter",
	)
)


# Where Frappe itself fails with 500, and so tells nothing.
CORE_FAILS = {
	r"(list|client.get_value) of .* with opportunity\.\w+": (
		"Frappe 16.17 joins the linked table under another name than the conditions of an app's hook use."
	),
	r"(global|web) search|.*\.search_everywhere": "Frappe 16.17 has no full text search on SQLite.",
	r"tag\.(add|remove)_tag": "Frappe 15.72 refuses a tag, and fails when it looks up the number of the refusal.",
	r"client\.rename_doc": "Frappe 15.72 looks for the table of a record of which there is only one.",
	r"client\.submit": "Frappe 15.72 takes the right to submit, of that name in a share, for the method.",
}


def fails_in_core(path: str) -> bool:
	"""Whether a failure on a path is Frappe's own."""
	return any(re.fullmatch(each, path) for each in CORE_FAILS)


def records_told_by(path: str, record: str) -> frozenset[str]:
	"""The records of which Frappe tells on a path, or on one about a record, whatever this app does."""
	paths = {path, f"{path} about {record}"}
	return frozenset(key for each in CORE_DECIDES if paths.intersection(each.paths) for key in each.tells)
