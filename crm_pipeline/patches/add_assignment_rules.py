"""Give sites that had the app before the assignment rules, which are switched off."""

from crm_pipeline.install import create_defaults


def execute() -> None:
	create_defaults("*_assignment_rule.json")
