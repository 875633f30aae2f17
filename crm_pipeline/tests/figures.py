"""Figures of reports beside the lists that they open."""

from unittest import TestCase

from frappe.desk.query_report import run


def assert_figures_open(
	case: TestCase, report: str, filters: dict, rows: list[dict], columns: dict[str, str]
):
	"""Compare each figure of some rows with the list that it opens.

	Args:
		columns: by their names, what the figures tell of the list: its `count`, or the sum of a column such as `amount`.
	"""
	for row in rows:
		for column, told in columns.items():
			show = f"{column}:{row['row']}" if isinstance(row.get("row"), str) else column
			listed = run(report, filters={**filters, "show": show})["result"]
			names = [each["opportunity"] for each in listed]
			case.assertEqual(len(names), len(set(names)))
			found = len(names) if told == "count" else round(sum(each[told] for each in listed), 2)
			case.assertEqual(row[column], found, f"{report}: {show}")
