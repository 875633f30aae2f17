"""Addresses: of people, as e-mail and telephone know them, and of the site's pages."""

import re
from email.utils import parseaddr
from urllib.parse import quote, urljoin, urlparse

import frappe
from frappe.utils.text import cstr, escape_html, strip

ADDRESS = re.compile(
	r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
	r"@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?",
	re.IGNORECASE,
)
NO_NAME = re.compile("[^A-Za-z0-9\u00c0-\u024f/_' ]+")  # what Frappe takes out of a display name
SEPARATOR = re.compile(r'[,\n](?=(?:[^"]|"[^"]*")*$)')
PHONE_NUMBER = re.compile(r"[0-9 +_\-,.*#()]{1,20}")
SAFE_IN_PATH = "~@#$&()*!+=:;,.?/'"


def split_emails(txt: str | None) -> list[str]:
	"""Return the addresses of a list separated by commas or lines, except inside quotes."""
	parts = (strip(re.sub(r"\s", " ", part)) for part in SEPARATOR.split(cstr(txt)))
	return [part for part in parts if part]


def parse_addr(email_string: str) -> tuple[str | None, str]:
	"""Return display name and address, the first there is; the name is the address itself where none is given."""
	_name, email = parseaddr(email_string)
	if not _resembles_address(email):
		found = ADDRESS.search(email_string)
		if not found:
			return None, email
		email = found[0]
	return NO_NAME.sub("", email_string.replace(email, "")).strip() or email, email


def _resembles_address(email: str) -> bool:
	"""Tell whether Frappe takes a text for an address before it has looked at it closely."""
	at = email.rfind("@")
	return at > 0 and email.rfind(".") > at and len(email) - at > 4


def validate_email_address(email_str: str | None, throw: bool = False) -> str:
	"""Return the valid addresses of a list, joined. Raises InvalidEmailAddressError if asked to."""
	valid = []
	for part in (email_str or "").strip().split(","):
		_name, email = parse_addr(part)
		if ADDRESS.fullmatch(email):
			valid.append(email)
		elif throw:
			message = frappe._("{0} is not a valid Email Address").format(escape_html(part.strip()))
			frappe.throw(message, frappe.InvalidEmailAddressError)
	return ", ".join(valid)


def validate_phone_number(phone_number: str | None, throw: bool = False) -> bool:
	"""Tell whether this can be a phone number. Raises InvalidPhoneNumberError if asked to."""
	number = (phone_number or "").strip()
	message = frappe._("{0} is not a valid Phone Number") if phone_number and throw else ""
	return _verdict(
		PHONE_NUMBER.fullmatch(number), message.format(phone_number), frappe.InvalidPhoneNumberError
	)


def validate_url(txt: str, throw: bool = False) -> bool:
	"""Tell whether this is an address on the web or the site. Raises ValidationError if asked to."""
	scheme, host, path, *_rest = urlparse(txt or "")
	is_valid = (txt or "").startswith("/") or (scheme and (host or path))
	message = frappe._("'{0}' is not a valid URL").format(frappe.bold(txt)) if throw else ""
	return _verdict(is_valid, message, frappe.ValidationError)


def _verdict(is_valid: object, message: str, error: type[Exception]) -> bool:
	"""Return whether something is valid; where it is not and there is a message, that is raised."""
	if message and not is_valid:
		frappe.throw(message, error)
	return bool(is_valid)


def get_fullname(user: str | None = None) -> str:
	"""Return first and last name of a user, else the user's id."""
	user = user or frappe.session.user
	return frappe.get_cached_value("User", user, "full_name") or user


def get_url(uri: str | None = None) -> str:
	"""Return an absolute address: of the configured host, else of the request, else of the site's name."""
	request = getattr(frappe.local, "request", None)
	host = frappe.conf.host_name or (request.host_url if request else f"http://{frappe.local.site}")
	return urljoin(host, uri or "").rstrip("/")


def get_absolute_url(doctype: str, name: str) -> str:
	"""Return the path of a document's form in Desk."""
	return f"/app/{quoted(doctype.lower().replace(' ', '-'))}/{quoted(name)}"


def quoted(url: str) -> str:
	return quote(cstr(url), safe=SAFE_IN_PATH)


def get_url_to_form(doctype: str, name: str) -> str:
	"""Return the address that a document's form has in Desk, on a bench."""
	path = get_absolute_url(doctype, name)
	return get_url(path)


def get_url_to_report_with_filters(name: str, filters: str) -> str:
	"""Return the address that a script report has in Desk, on a bench."""
	return get_url(f"/app/query-report/{quote(name)}?{filters}")


def get_link_to_form(doctype: str, name: str, label: str | None = None) -> str:
	"""Return an HTML link to a document's form; the label is HTML, which its caller escapes."""
	address = get_url_to_form(doctype, name)
	return f'<a href="{address}">{label or name}</a>'
