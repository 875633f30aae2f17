"""Give sites that had the app before the mail templates of requests to suppliers, and their settings."""

from crm_pipeline.install import create_defaults
from crm_pipeline.patches import fill_selling_settings


def execute() -> None:
	create_defaults("9_request_templates.json")
	fill_selling_settings.execute()
