"""Sites that stand get the indexes by which tasks and entries of the calendar are listed."""

from crm_pipeline.utils.indexes import index_tables_of_frappe


def execute() -> None:
	index_tables_of_frappe()
