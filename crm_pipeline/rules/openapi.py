"""The OpenAPI description of an app of Frappe, of its functions, DocTypes and refusals as plain values."""

from collections.abc import Iterator
from inspect import Parameter, Signature
from typing import NamedTuple
from urllib.parse import quote

from crm_pipeline.rules import docstrings, openapi_frame, openapi_records
from crm_pipeline.rules.json_schemas import of_annotation, of_query_argument, reference


class Function(NamedTuple):
	"""A function that clients call by its dotted path, or by its name a method of documents of a DocType.

	`methods` are those of HTTP; `tag` is the heading under which it is listed; `key` is where the answer has what it
	returns, None where that is the whole answer.
	"""

	address: str
	tag: str
	methods: tuple[str, ...]
	signature: Signature
	doc: str | None
	doctype: str | None = None
	key: str | None = "message"


class Refusal(NamedTuple):
	"""An exception: its name, the HTTP status that answers it, and what it says of itself."""

	name: str
	status: int
	doc: str


def describe(
	title: str, version: str, doctypes: list[dict], functions: list[Function], refusals: list[Refusal]
) -> dict:
	"""Return the description.

	Args:
		doctypes: as their files have them.
	"""
	paths: dict[str, dict] = {}
	statuses = openapi_frame.STATUS_OF_FRAPPE | {each.name: each.status for each in refusals}
	for function in functions:
		paths[_path(function)] = dict(_operations(function, statuses))
	for doctype in doctypes:
		paths.update(openapi_records.paths(doctype))
	return {
		**openapi_frame.head(title, version),
		"paths": dict(sorted(paths.items())),
		"components": {
			"schemas": {**openapi_frame.SCHEMAS, **openapi_records.schemas(doctypes)},
			"parameters": openapi_frame.PARAMETERS,
			"responses": openapi_frame.RESPONSES,
			"securitySchemes": openapi_frame.SECURITY_SCHEMES,
		},
		"x-refusals": {
			each.name: {"status": each.status, "description": docstrings.read(each.doc).summary}
			for each in sorted(refusals)
		},
	}


def _path(function: Function) -> str:
	if function.doctype:
		return f"/api/v2/document/{quote(function.doctype)}/{{name}}/method/{function.address}"
	return f"/api/method/{function.address}"


def _operations(function: Function, statuses: dict[str, int]) -> Iterator[tuple[str, dict]]:
	said = docstrings.read(function.doc)
	for method in function.methods:
		operation: dict = {
			"tags": [function.tag],
			"operationId": _operation_id(function, method),
			"summary": said.summary,
		}
		if said.description:
			operation["description"] = said.description
		parameters = [openapi_frame.NAME] if function.doctype else []
		if method == "GET":
			parameters += [_query_parameter(each, said.arguments) for each in _given(function)]
		elif body := _body(function, said.arguments):
			operation["requestBody"] = body
		if parameters:
			operation["parameters"] = parameters
		operation["responses"] = _responses(function, said, statuses)
		yield method.lower(), operation


def _operation_id(function: Function, method: str) -> str:
	name = function.address.rpartition(".")[2]
	more = "_by_post" if method == "POST" and "GET" in function.methods else ""
	return f"{function.tag.lower().replace(' ', '_')}_{name}{more}"


def _given(function: Function) -> list[Parameter]:
	"""Return what clients send, without what any function takes."""
	named = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
	return [
		each for each in function.signature.parameters.values() if each.kind in named and each.name != "self"
	]


def _query_parameter(argument: Parameter, texts: dict[str, str]) -> dict:
	parameter: dict = {"name": argument.name, "in": "query"}
	if argument.default is Parameter.empty:
		parameter["required"] = True
	if text := texts.get(argument.name):
		parameter["description"] = text
	parameter["schema"] = {**of_query_argument(argument.annotation), **_default(argument)}
	return parameter


def _body(function: Function, texts: dict[str, str]) -> dict | None:
	properties, required = {}, []
	for argument in _given(function):
		schema = {**of_annotation(argument.annotation), **_default(argument)}
		if text := texts.get(argument.name):
			schema["description"] = text
		properties[argument.name] = schema
		if argument.default is Parameter.empty:
			required.append(argument.name)
	if not properties:
		return None
	schema = {"type": "object", **({"required": required} if required else {}), "properties": properties}
	return {"required": bool(required), "content": openapi_frame.as_json(schema)}


def _default(argument: Parameter) -> dict:
	return {} if argument.default in (Parameter.empty, None) else {"default": argument.default}


def _responses(function: Function, said: docstrings.Docstring, statuses: dict[str, int]) -> dict:
	returned = (
		reference(function.doctype)
		if function.doctype
		else of_annotation(function.signature.return_annotation)
	)
	answer = {"type": "object", "properties": {function.key: returned}} if function.key else returned
	refused = "RefusedByVersion2" if function.doctype else "Refused"
	by_status: dict[int, list[str]] = {}
	for name in said.raises:
		by_status.setdefault(statuses[name], []).append(name)
	return {
		"200": {"description": said.returns or openapi_frame.DONE, "content": openapi_frame.as_json(answer)},
		**{
			str(status): {**openapi_frame.refused(refused), "description": ", ".join(names)}
			for status, names in sorted(by_status.items())
		},
		"4XX": openapi_frame.refused(refused),
	}
