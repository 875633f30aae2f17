"""What an upgrade is meant to change: DocType (or report), name and field (or column), each with the reason."""

from fnmatch import fnmatch

# What the framework itself writes whenever something runs.
SYSTEM = ("creation", "modified", "modified_by", "idx", "owner", "last_execution", "last_active", "last_ip")

CHANGED = {
	("Quotation", "*", "title"): "to a lead's name belongs its organization",
	("Kanban Board Column", "Opportunity Status / Paused", "indicator"): "boards show the colors of lists",
	("Notification", "Follow-up Neglected", "*"): "speaks the site's language, where nobody edited it",
	("Number Card", "* Deals", "*"): "opportunities is the word for them",
	("Number Card Link", "* / * Deals", "*"): "leads to the card that came in its place",
	("Workspace", "CRM Pipeline", "*"): "comes with the app, as labels do",
	("Dashboard Chart", "*", "color"): "comes with the app, as labels do",
	(
		"report Opportunity Summary by Sales Stage",
		"*",
		"stage_*",
	): "a column is named by its stage, no longer by where that stands",
	(
		"Scheduled Job Type",
		"crm_pipeline.tasks.send_follow_up_digest",
		"cron_format",
	): "asks each user's own hour",
	("report Auto-close Preview", "*", "why"): "writes days as the user does",
	("report Auto-close Preview", "*", "*quiet*"): "inactive is the word for it",
	# Between the upgraded site and a new one:
	("new site's Kanban Board Column", "*", "order"): "Frappe fills a new board with what the site has",
	("new site's Assignment Rule", "Leads in Turn", "disabled"): "somebody enabled it before the upgrade",
}


# Fields of before whose values are elsewhere now.
RENAMED = {
	("Auto Close Batch", "left_alone"): "not_restored",
	("Auto Close Batch", "passed_over"): "skipped",
	("Auto Closed Opportunity", "quiet_since"): "inactive_since",
}


def is_meant(title: str, name: str, field: str) -> bool:
	return field in SYSTEM or any(
		fnmatch(title, of) and fnmatch(name, called) and fnmatch(field, what) for of, called, what in CHANGED
	)
