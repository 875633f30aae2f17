"""Give sites that had the app before the two workflows, which are not active."""

from crm_pipeline.install import create_defaults


def execute() -> None:
	create_defaults("*_workflow*.json")
