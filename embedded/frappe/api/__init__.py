"""Routing of `/api`: version 1 (also without a version in the path) and version 2."""

import frappe
from frappe.api import v1, v2
from frappe.utils.response import build_response
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Submount
from werkzeug.wrappers import Request, Response

API_URL_MAP = Map(
	[
		Submount("/api", v1.url_rules),
		Submount("/api/v1", v1.url_rules),
		Submount("/api/v2", v2.url_rules),
	],
	strict_slashes=False,
	merge_slashes=False,
)


def handle(request: Request) -> Response:
	"""Answer a request under `/api`; what the endpoint returns becomes `data` of the JSON response."""
	try:
		endpoint, arguments = API_URL_MAP.bind_to_environ(request.environ).match()
	except NotFound:
		raise frappe.DoesNotExistError from None

	data = endpoint(**arguments)
	if isinstance(data, Response):
		return data
	if data is not None:
		frappe.response["data"] = data
	return build_response("json")


def is_v2() -> bool:
	return bool(frappe.request) and frappe.request.path.startswith("/api/v2")
