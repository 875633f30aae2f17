"""JSON Schema (2020-12) of what Frappe stores and of what typed functions take and return."""

from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

REF = "#/components/schemas/"
TEXTS = {
	"Data",
	"Small Text",
	"Text",
	"Long Text",
	"Text Editor",
	"Code",
	"Autocomplete",
	"HTML Editor",
	"Markdown Editor",
}
TEXTS |= {"Attach", "Attach Image", "Phone", "Color", "Barcode", "JSON", "Read Only", "Password"}
NUMBERS = {"Currency", "Float", "Percent", "Rating", "Duration"}
TABLES = {"Table", "Table MultiSelect"}
LENGTH_OF_DATA = 140  # characters, unless the field says otherwise
BY_PYTHON = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null", list: "array"}
JSON_TEXT = {"type": "string", "contentMediaType": "application/json"}


def component_name(doctype: str) -> str:
	"""Return the name under which the schema of a DocType stands."""
	return doctype.replace(" ", "")


def reference(doctype: str) -> dict:
	"""Return what leads to the schema of a DocType."""
	return {"$ref": REF + component_name(doctype)}


def of_field(field: dict) -> dict | None:
	"""Return the schema of a field as its DocType's file has it; None for what stores nothing, such as a section."""
	kind = _kind(field)
	if kind is None:
		return None
	schema = {**kind, **_limits(field)}
	if field.get("read_only"):
		schema["readOnly"] = True
	if text := _text(field):
		schema["description"] = text
	return schema


def _kind(field: dict) -> dict | None:
	fieldtype, options = field["fieldtype"], field.get("options") or ""
	if fieldtype in TABLES:
		return {"type": "array", "items": reference(options)}
	if fieldtype == "Check":
		return {"type": _type(field, "integer"), "enum": [0, 1, *_null_if_hidden(field)]}
	if fieldtype == "Int":
		return {"type": _type(field, "integer"), "format": "int32"}
	if fieldtype in NUMBERS:
		return {"type": _type(field, "number")}
	if fieldtype == "Select" and field["fieldname"] != "naming_series":
		return {"type": "string" if field.get("reqd") else ["string", "null"], "enum": _choices(field)}
	if fieldtype == "Datetime":
		return {"$ref": REF + "Datetime"}
	if fieldtype == "Date":
		return {"type": ["string", "null"], "format": "date"}
	if fieldtype in TEXTS | {"Link", "Dynamic Link", "Select", "Time"}:
		return {"type": ["string", "null"]}
	return None


def _type(field: dict, name: str) -> str | list:
	return [name, "null"] if _null_if_hidden(field) else name


def _null_if_hidden(field: dict) -> list:
	"""Numbers are never empty, but what is on a level out of the user's reach is."""
	return [None] if field.get("permlevel") else []


def _choices(field: dict) -> list:
	options = (field.get("options") or "").split("\n")
	nothing = [] if field.get("reqd") else [each for each in ("", None) if each not in options]
	return [*options, *nothing]


def _limits(field: dict) -> dict:
	limits: dict = {}
	if field["fieldtype"] == "Data" and not field.get("read_only"):
		limits["maxLength"] = int(field.get("length") or LENGTH_OF_DATA)
	if field.get("non_negative"):
		limits["minimum"] = 0
	return limits


def _text(field: dict) -> str:
	"""Say what type and name do not: the label, what a link leads to, the currency of an amount, the level."""
	fieldtype, options = field["fieldtype"], field.get("options") or ""
	label = field.get("label") or ""
	said = [label if label.replace(" ", "_").lower() != field["fieldname"] else ""]
	said.append((field.get("description") or "").rstrip("."))
	if fieldtype == "Link":
		said.append(f"Name of a {options}")
	if fieldtype == "Dynamic Link":
		said.append(f"Name of a record of the DocType in `{options}`")
	if fieldtype == "Currency" and options and ":" not in options:
		said.append(f"In the currency `{options}`")
	if field.get("permlevel"):
		said.append(f"On permission level {field['permlevel']}")
	return "".join(f"{each}. " for each in said if each).strip()


def of_annotation(annotation: Any) -> dict:
	"""Return the schema of a type: what JSON has for it, an object for a document."""
	if annotation is Any:
		return {}
	if get_origin(annotation) in (Union, UnionType):
		return _any_of([of_annotation(each) for each in get_args(annotation)])
	if get_origin(annotation) is list:
		return {"type": "array", "items": of_annotation(get_args(annotation)[0])}
	if get_origin(annotation) is dict and get_args(annotation)[1] is not Any:
		return {"type": "object", "additionalProperties": of_annotation(get_args(annotation)[1])}
	if annotation is list:
		return {"type": "array", "items": {}}
	return {"type": BY_PYTHON.get(annotation, "object")}


def _any_of(schemas: list[dict]) -> dict:
	"""Put schemas together into one whose `type` lists theirs."""
	whole: dict = {"type": []}
	for schema in schemas:
		whole["type"].append(schema["type"])
		whole.update({key: value for key, value in schema.items() if key != "type"})
	return whole


def of_query_argument(annotation: Any) -> dict:
	"""Return the schema of an argument in an address, where lists and objects are their JSON, and nothing is null."""
	given = [each for each in get_args(annotation) or (annotation,) if each is not NoneType]
	schemas = [of_annotation(each) for each in given]
	if any(schema.get("type") in ("array", "object") for schema in schemas):
		return dict(JSON_TEXT)
	return schemas[0] if len(schemas) == 1 else _any_of(schemas)
