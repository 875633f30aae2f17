"""What is the same in every OpenAPI description of an app of Frappe: how to sign in, how lists are asked, what refusals look like."""

INTRODUCTION = """The functions and records of CRM Pipeline. Made from them: see docs/api.md, which tells more of what they do.

Times are `YYYY-MM-DD HH:MM:SS`, with or without fractions, in the time zone of the site. In an address lists and \
objects are JSON. What a user sees and may do depends on roles, User Permissions and settings. Functions of Frappe \
itself, and what a site adds or customizes, are not described."""

REFUSED = (
	"Refused, and nothing was changed. `exc_type` names the exception, `_server_messages` says how to mend it"
)
STATUS_OF_FRAPPE = {"DoesNotExistError": 404, "PermissionError": 403, "ValidationError": 417}
DONE = "Done"
TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
DATETIME = "#/components/schemas/Datetime"
NAME = {"name": "name", "in": "path", "required": True, "schema": TEXT}


def as_json(schema: dict) -> dict:
	"""Return the content of a body in JSON."""
	return {"application/json": {"schema": schema}}


def refused(name: str) -> dict:
	"""Return what leads to a response that is kept among the components."""
	return {"$ref": f"#/components/responses/{name}"}


def head(title: str, version: str) -> dict:
	"""Return what stands before the paths. The server is the one that answers with the description."""
	return {
		"openapi": "3.1.0",
		"info": {"title": title, "version": version, "description": INTRODUCTION},
		"servers": [{"url": "/"}],
		"security": [{"token": []}, {"session": [], "csrf": []}],
	}


SECURITY_SCHEMES = {
	"token": {
		"type": "apiKey",
		"in": "header",
		"name": "Authorization",
		"description": "`token API_KEY:API_SECRET`, both made on a User",
	},
	"session": {"type": "apiKey", "in": "cookie", "name": "sid", "description": "Of whoever signed in"},
	"csrf": {
		"type": "apiKey",
		"in": "header",
		"name": "X-Frappe-CSRF-Token",
		"description": "Beside a session with everything but GET; the pages of the site carry it",
	},
}


def _in_query(name: str, description: str, schema: dict) -> dict:
	return {"name": name, "in": "query", "description": description, "schema": schema}


_JSON = {"type": "string", "contentMediaType": "application/json"}
_COUNT = {"type": "integer", "minimum": 0}

PARAMETERS = {
	"fields": _in_query("fields", 'A list, such as ["name", "modified"]; the name alone if left out', _JSON),
	"filters": _in_query(
		"filters",
		'An object of values, or a list of conditions, such as [["modified", ">", "2026-01-31"]]',
		_JSON,
	),
	"or_filters": _in_query("or_filters", "Likewise; one of them is enough", _JSON),
	"order_by": _in_query("order_by", "A field, and `asc` or `desc`", TEXT),
	"limit_start": _in_query("limit_start", "How many to skip", {**_COUNT, "default": 0}),
	"limit_page_length": _in_query(
		"limit_page_length", "How many to return, 0 for all", {**_COUNT, "default": 20}
	),
}

_STANDARD = {
	"name": TEXT,
	"doctype": {**TEXT, "readOnly": True},
	"owner": {**TEXT, "readOnly": True},
	"creation": {"$ref": DATETIME, "readOnly": True},
	"modified": {"$ref": DATETIME, "description": "Sent along, a save is refused if it is no longer that"},
	"modified_by": {**TEXT, "readOnly": True},
	"docstatus": {"type": "integer", "enum": [0, 1, 2], "description": "0 draft, 1 submitted, 2 cancelled"},
}

SCHEMAS = {
	"Datetime": {
		"type": ["string", "null"],
		"pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?$",
		"description": "In the time zone of the site",
	},
	"Record": {"type": "object", "description": "What every record has", "properties": _STANDARD},
	"Row": {
		"type": "object",
		"description": "What every row of a record has; one that is sent with its `name` stays the same row",
		"properties": {
			**_STANDARD,
			"idx": {"type": "integer", "description": "Its position, from 1"},
			"parent": {**TEXT_OR_NULL, "readOnly": True},
			"parenttype": {**TEXT_OR_NULL, "readOnly": True},
			"parentfield": {**TEXT_OR_NULL, "readOnly": True},
		},
	},
	"Refusal": {
		"type": "object",
		"properties": {
			"exc_type": {**TEXT, "description": "Name of the exception, of `x-refusals` below or of Frappe"},
			"exception": {**TEXT, "description": "Its path and message"},
			"_server_messages": {
				**_JSON,
				"description": "A list of JSON texts, each an object with `message`, which may hold HTML, and `title`",
			},
		},
	},
	"RefusalByVersion2": {
		"type": "object",
		"properties": {
			"errors": {
				"type": "array",
				"items": {
					"type": "object",
					"properties": {"type": TEXT, "message": TEXT, "title": TEXT_OR_NULL, "exception": TEXT},
				},
			}
		},
	},
}

RESPONSES = {
	"Refused": {"description": REFUSED, "content": as_json({"$ref": "#/components/schemas/Refusal"})},
	"RefusedByVersion2": {
		"description": "Refused, and nothing was changed. `type` of the error names the exception",
		"content": as_json({"$ref": "#/components/schemas/RefusalByVersion2"}),
	},
}
