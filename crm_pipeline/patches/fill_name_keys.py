"""Customers and suppliers that were there before can be told to have the name of another."""

from crm_pipeline.parties.same_name import NAME_FIELDS, fill_name_keys


def execute() -> None:
	for doctype in NAME_FIELDS:
		fill_name_keys(doctype)
