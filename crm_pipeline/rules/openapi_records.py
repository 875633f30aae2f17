"""The part of the OpenAPI description on records of DocTypes: their fields, and what Frappe does with them over REST."""

from collections.abc import Iterator
from urllib.parse import quote

from crm_pipeline.rules import json_schemas, openapi_frame
from crm_pipeline.rules.json_schemas import REF, component_name, reference

LIST_PARAMETERS = tuple({"$ref": f"#/components/parameters/{name}"} for name in openapi_frame.PARAMETERS)


def schemas(doctypes: list[dict]) -> dict[str, dict]:
	"""Return the schemas of those DocTypes that clients reach, and of the rows of these."""
	ordered = sorted(doctypes, key=lambda each: each["name"])
	return {component_name(each["name"]): _schema(each) for each in ordered if _has_schema(each)}


def _has_schema(doctype: dict) -> bool:
	return bool(doctype.get("istable") or _allowed(doctype, "read"))


def _schema(doctype: dict) -> dict:
	base = "Row" if doctype.get("istable") else "Record"
	properties = {each["fieldname"]: json_schemas.of_field(each) for each in doctype["fields"]}
	own = {name: schema for name, schema in properties.items() if schema}
	return {"allOf": [{"$ref": REF + base}, {"type": "object", "properties": own}]}


def paths(doctype: dict) -> Iterator[tuple[str, dict]]:
	"""Yield the addresses of a DocType, with what some role may do there."""
	if doctype.get("istable") or not _allowed(doctype, "read"):
		return
	name = doctype["name"]
	address = f"/api/resource/{quote(name)}"
	if doctype.get("issingle"):
		yield f"{address}/{quote(name)}", dict(_on_one(doctype, []))
	else:
		yield address, dict(_on_all(doctype))
		yield f"{address}/{{name}}", dict(_on_one(doctype, [openapi_frame.NAME]))


def _allowed(doctype: dict, right: str) -> bool:
	return any(each.get(right) and not each.get("permlevel") for each in doctype.get("permissions", ()))


def _on_all(doctype: dict) -> Iterator[tuple[str, dict]]:
	rows = {"type": "array", "items": reference(doctype["name"])}
	yield (
		"get",
		{
			**_operation(
				doctype, "list", "Return records that the user may read, of each what `fields` names"
			),
			"parameters": list(LIST_PARAMETERS),
			"responses": _responses(rows),
		},
	)
	if _allowed(doctype, "create"):
		yield (
			"post",
			{
				**_operation(doctype, "create", "Insert a record"),
				"requestBody": {"required": True, "content": openapi_frame.as_json(_to_create(doctype))},
				"responses": _responses(reference(doctype["name"])),
			},
		)


def _on_one(doctype: dict, parameters: list) -> Iterator[tuple[str, dict]]:
	with_name = {"parameters": parameters} if parameters else {}
	answer = _responses(reference(doctype["name"]))
	yield "get", {**_operation(doctype, "read", "Return a record"), **with_name, "responses": answer}
	if _allowed(doctype, "write"):
		summary = "Change the fields that are sent; a list of rows replaces the former one"
		if doctype.get("is_submittable"):
			summary += "; `docstatus` 1 submits and 2 cancels"
		yield (
			"put",
			{
				**_operation(doctype, "update", summary),
				**with_name,
				"requestBody": {
					"required": True,
					"content": openapi_frame.as_json(reference(doctype["name"])),
				},
				"responses": answer,
			},
		)
	if _allowed(doctype, "delete"):
		yield (
			"delete",
			{
				**_operation(doctype, "delete", "Delete a record"),
				**with_name,
				"responses": {"202": _answer({"const": "ok"}), "4XX": openapi_frame.refused("Refused")},
			},
		)


def _operation(doctype: dict, verb: str, summary: str) -> dict:
	name = doctype["name"]
	return {"tags": [name], "operationId": f"{verb}_{name.lower().replace(' ', '_')}", "summary": summary}


def _to_create(doctype: dict) -> dict:
	"""Return the schema of a new record: with what it must have, of fields that do not fill themselves."""
	required = [
		each["fieldname"]
		for each in doctype["fields"]
		if each.get("reqd") and not each.get("default") and not each.get("read_only")
	]
	whole = reference(doctype["name"])
	return {"allOf": [whole, {"type": "object", "required": required}]} if required else whole


def _responses(data: dict) -> dict:
	return {"200": _answer(data), "4XX": openapi_frame.refused("Refused")}


def _answer(data: dict) -> dict:
	schema = {"type": "object", "properties": {"data": data}}
	return {"description": openapi_frame.DONE, "content": openapi_frame.as_json(schema)}
