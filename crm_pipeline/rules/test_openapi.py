"""Docstrings, types and fields as a description of the interface has them."""

import json
import unittest
from inspect import signature

from crm_pipeline.rules import docstrings, json_schemas, openapi
from crm_pipeline.rules.json_layout import WIDTH, laid_out

SAID = """Do it.

	Twice, if needed.

	Args:
		first, second: what to do,
			and how.
		third: `{"a": 1}`: an object.

	Returns: what was
	done.

	Raises:
		StateGone, frappe.PermissionError,
		OutcomeMissing: nothing came of it.
	"""


class TestDocstrings(unittest.TestCase):
	def test_its_parts(self):
		said = docstrings.read(SAID)
		self.assertEqual((said.summary, said.description), ("Do it.", "Twice, if needed."))
		self.assertEqual(
			said.arguments,
			{
				"first": "What to do, and how.",
				"second": "What to do, and how.",
				"third": '`{"a": 1}`: an object.',
			},
		)
		self.assertEqual(said.returns, "What was done.")
		self.assertEqual(said.raises, ("StateGone", "PermissionError", "OutcomeMissing"))

	def test_what_is_not_there(self):
		for text in (None, "", "Do it."):
			with self.subTest(text):
				self.assertEqual(docstrings.read(text), (text or "", "", {}, "", ()))


class TestLayout(unittest.TestCase):
	def test_lines_are_as_long_as_there_is_room(self):
		value = {"a": [1, {"b": "é" * 90}], "c": {"d": ["x" * 60, "y" * 60]}, "e": {}}
		text = laid_out(value)
		self.assertEqual(json.loads(text), value)
		self.assertLessEqual(max(map(len, text.split("\n"))), WIDTH)
		self.assertEqual(text.count("\n"), 9)
		self.assertEqual(laid_out([1, {"a": None}]), '[1, {"a": null}]')

	def test_a_line_that_fits_just_so(self):
		around = len(laid_out({"a": [""]}))
		self.assertEqual(laid_out({"a": ["x" * (WIDTH - around)]}).count("\n"), 0)
		self.assertEqual(laid_out({"a": ["x" * (WIDTH - around + 1)]}).count("\n"), 4)


class TestTypes(unittest.TestCase):
	def test_of_arguments_in_a_body(self):
		def taken(
			a: list | str, b: dict | str | None, c: list[dict], d: dict[str, float], e: bool, f: object
		): ...

		schemas = {
			name: json_schemas.of_annotation(each.annotation)
			for name, each in signature(taken).parameters.items()
		}
		self.assertEqual(schemas["a"], {"type": ["array", "string"], "items": {}})
		self.assertEqual(schemas["b"], {"type": ["object", "string", "null"]})
		self.assertEqual(schemas["c"], {"type": "array", "items": {"type": "object"}})
		self.assertEqual(schemas["d"], {"type": "object", "additionalProperties": {"type": "number"}})
		self.assertEqual((schemas["e"], schemas["f"]), ({"type": "boolean"}, {"type": "object"}))

	def test_in_an_address_nothing_is_null_and_objects_are_text(self):
		self.assertEqual(json_schemas.of_query_argument(str | None), {"type": "string"})
		self.assertEqual(json_schemas.of_query_argument(float | str | None), {"type": ["number", "string"]})
		self.assertEqual(json_schemas.of_query_argument(dict | str | None), json_schemas.JSON_TEXT)


class TestFields(unittest.TestCase):
	def field(self, fieldtype: str, **more) -> dict | None:
		return json_schemas.of_field(
			{"fieldname": "the_field", "label": "The Field", "fieldtype": fieldtype, **more}
		)

	def test_what_stores_nothing_has_no_schema(self):
		for fieldtype in ("Section Break", "Column Break", "Tab Break", "HTML", "Button"):
			with self.subTest(fieldtype):
				self.assertIsNone(self.field(fieldtype))

	def test_choices(self):
		self.assertEqual(self.field("Select", options="A\nB", reqd=1), {"type": "string", "enum": ["A", "B"]})
		self.assertEqual(self.field("Select", options="\nA")["enum"], ["", "A", None])
		self.assertNotIn("enum", json_schemas.of_field({"fieldname": "naming_series", "fieldtype": "Select"}))

	def test_numbers(self):
		self.assertEqual(self.field("Int"), {"type": "integer", "format": "int32"})
		self.assertEqual(
			self.field("Float", non_negative=1, read_only=1),
			{"type": "number", "minimum": 0, "readOnly": True},
		)
		hidden = self.field("Currency", permlevel=2, options="currency")
		self.assertEqual(hidden["type"], ["number", "null"])
		self.assertEqual(hidden["description"], "In the currency `currency`. On permission level 2.")

	def test_texts(self):
		self.assertEqual(self.field("Data"), {"type": ["string", "null"], "maxLength": 140})
		self.assertEqual(self.field("Data", length=20)["maxLength"], 20)
		self.assertEqual(
			self.field("Link", options="Lead", label="Who")["description"], "Who. Name of a Lead."
		)


class TestDescription(unittest.TestCase):
	def test_of_nothing(self):
		whole = openapi.describe("Nothing", "1", [], [], [])
		self.assertEqual((whole["paths"], whole["x-refusals"]), ({}, {}))

	def test_a_function_for_both_methods(self):
		def act(name: str, many: int = 3) -> list[str]:
			"""Do it.

			Raises:
				Refused: no.
				frappe.PermissionError
			"""

		function = openapi.Function("app.act", "acts", ("GET", "POST"), signature(act), act.__doc__)
		path = openapi.describe("App", "1", [], [function], [openapi.Refusal("Refused", 417, "No.")])[
			"paths"
		]["/api/method/app.act"]
		self.assertEqual([each["operationId"] for each in path.values()], ["acts_act", "acts_act_by_post"])
		self.assertNotIn("requestBody", path["get"])
		self.assertNotIn("parameters", path["post"])
		self.assertTrue(path["post"]["requestBody"]["required"])
		self.assertEqual(list(path["get"]["responses"]), ["200", "403", "417", "4XX"])
		self.assertEqual(path["get"]["responses"]["417"]["description"], "Refused")

	def test_an_unknown_refusal_is_a_fault_of_the_docstring(self):
		def act() -> None:
			"""Do it.

			Raises:
				NoSuchRefusal
			"""

		with self.assertRaises(KeyError):
			openapi.describe(
				"App",
				"1",
				[],
				[openapi.Function("app.act", "acts", ("GET",), signature(act), act.__doc__)],
				[],
			)
