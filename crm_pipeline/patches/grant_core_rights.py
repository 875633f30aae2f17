"""Sales Managers who are no Sales Users could choose no currency: what they typed fell back to the base currency."""

from crm_pipeline.permissions.core_grants import grant_core_rights


def execute() -> None:
	grant_core_rights()
