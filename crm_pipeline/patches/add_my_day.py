"""Give sites that had the app before My Day the block that shows it on the workspace."""

from crm_pipeline.install import create_defaults


def execute() -> None:
	create_defaults("9_custom_html_block.json")
