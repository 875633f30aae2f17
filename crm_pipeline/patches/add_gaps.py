"""Give sites that had the app before it the block that says on the workspaces what their numbers lack."""

from crm_pipeline.install import create_defaults


def execute() -> None:
	create_defaults("9_gaps_block.json")
