"""Addresses of the site and its Desk pages."""

from urllib.parse import quote, urljoin

import frappe
from frappe.utils.text import cstr

SAFE_IN_PATH = "~@#$&()*!+=:;,.?/'"


def get_url(uri: str | None = None, full_address: bool = False, allow_header_override: bool = True) -> str:
	"""Return an absolute address: of the configured host, else of the request, else of the site's name."""
	if uri and uri.startswith(("http://", "https://")):
		return uri
	if not uri and full_address:
		uri = frappe.get_request_header("REQUEST_URI", "")
	host = _host(allow_header_override)
	return urljoin(host, uri) if uri else host


def _host(allow_header_override: bool) -> str:
	"""Return scheme and host, with the configured port where the host names none."""
	host = frappe.conf.host_name or frappe.conf.hostname
	host = host or (allow_header_override and get_host_name_from_request()) or frappe.local.site
	if not host.startswith(("http://", "https://")):
		host = f"http://{host}"
	port = frappe.conf.http_port or frappe.conf.webserver_port
	return f"{host}:{port}" if port and host.count(":") < 2 else host


def get_host_name_from_request() -> str | None:
	request = getattr(frappe.local, "request", None)
	if not request or not request.host:
		return None
	scheme = "https" if frappe.get_request_header("X-Forwarded-Proto", "") == "https" else "http"
	return f"{scheme}://{request.host}"


def quoted(url: str) -> str:
	return quote(cstr(url), safe=SAFE_IN_PATH)


def slug(doctype: str) -> str:
	return doctype.lower().replace(" ", "-")


def get_absolute_url(doctype: str, name: str) -> str:
	return f"/app/{quoted(slug(doctype))}/{quoted(name)}"


def get_url_to_form(doctype: str, name: str) -> str:
	return get_url(get_absolute_url(doctype, name))


def get_link_to_form(doctype: str, name: str, label: str | None = None) -> str:
	return f'<a href="{get_url_to_form(doctype, name)}">{label or name}</a>'
