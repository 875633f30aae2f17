import json
import unittest
from pathlib import Path

from crm_pipeline.rules import colors

APP = Path(colors.__file__).parents[1]


def options(doctype: str) -> list[str]:
	name = doctype.lower().replace(" ", "_")
	fields = json.loads((APP / f"crm_pipeline/doctype/{name}/{name}.json").read_text())["fields"]
	return next(field["options"] for field in fields if field["fieldname"] == "status").split("\n")


class TestColors(unittest.TestCase):
	def test_every_status_has_one(self):
		for doctype, table in colors.COLORS.items():
			with self.subTest(doctype):
				self.assertEqual(list(table), options(doctype))

	def test_one_status_has_one_wherever_it_stands(self):
		for status in {status for table in colors.COLORS.values() for status in table}:
			with self.subTest(status):
				self.assertEqual(
					len({table[status] for table in colors.COLORS.values() if status in table}), 1
				)

	def test_the_board_of_statuses_has_the_same(self):
		(board,) = json.loads((APP / "defaults/4_kanban_board.json").read_text())
		shown = {column["column_name"]: column["indicator"].lower() for column in board["columns"]}
		self.assertEqual(shown, colors.OPPORTUNITY)

	def test_no_script_has_a_table_of_its_own(self):
		scripts = [*APP.glob("public/js/*.js"), *APP.glob("crm_pipeline/**/*_list.js")]
		own = [path.name for path in scripts if 'Converted: "' in path.read_text()]
		self.assertEqual(own, [])
