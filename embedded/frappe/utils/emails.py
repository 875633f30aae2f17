"""E-mail addresses, and the names and addresses of users."""

import re
from email.header import decode_header, make_header
from email.utils import formataddr, parseaddr
from urllib.parse import urlparse

import frappe
from frappe.utils.text import cstr, escape_html, strip

ADDRESS = re.compile(
	r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
	r"@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?",
	re.IGNORECASE,
)
SEPARATOR = re.compile(r'[,\n](?=(?:[^"]|"[^"]*")*$)')
PHONE_NUMBER = re.compile(r"[0-9 +_\-,.*#()]{1,20}")


def split_emails(txt: str | None) -> list[str]:
	"""Return the addresses of a list separated by commas or lines, except inside quotes."""
	parts = (strip(part) for part in SEPARATOR.split(re.sub(r"\s", " ", cstr(txt))))
	return [part for part in parts if part]


def parse_addr(email_string: str) -> tuple[str | None, str]:
	"""Return display name and address; the name is the address itself where none is given."""
	_name, email = parseaddr(email_string)
	if not _looks_right(email):
		found = ADDRESS.search(email_string)
		if not found or not _looks_right(found.group()):
			return None, email
		email = found.group()
	name = re.sub(r"[^A-Za-z0-9À-ɏ\u0600-\uffff /._-]", "", email_string.replace(email, "")).strip()
	return name or email, email


def extract_email_id(email: str) -> str:
	return cstr(parse_addr(email)[1])


def _looks_right(email: str | None) -> bool:
	user, at, domain = (email or "").rpartition("@")
	return bool(user and at and "." in domain[1:] and len(domain) > 3)


def validate_email_address(email_str: str | None, throw: bool = False) -> str:
	"""Return the valid addresses of a list, joined. Raises InvalidEmailAddressError if asked to."""
	checked = (_valid_address(part.strip(), throw) for part in (email_str or "").strip().split(","))
	return ", ".join(email for email in checked if email)


def _valid_address(text: str, throw: bool) -> str | None:
	if "undisclosed-recipient" in text:
		return None
	email = extract_email_id(text) if text and (" " not in text or "<" in text) else ""
	if email and ADDRESS.match(email):
		return email
	if throw:
		frappe.throw(
			frappe._("{0} is not a valid Email Address").format(escape_html(text)),
			frappe.InvalidEmailAddressError,
		)
	return None


def validate_phone_number(phone_number: str | None, throw: bool = False) -> bool:
	"""Tell whether this can be a phone number. Raises InvalidPhoneNumberError if asked to."""
	if not phone_number:
		return False
	valid = bool(PHONE_NUMBER.fullmatch(phone_number.strip()))
	if not valid and throw:
		frappe.throw(
			frappe._("{0} is not a valid Phone Number").format(phone_number), frappe.InvalidPhoneNumberError
		)
	return valid


def validate_url(txt: str, throw: bool = False, valid_schemes=None) -> bool:
	"""Tell whether this is an address on the web or the site. Raises ValidationError if asked to."""
	url = urlparse(txt or "")
	valid = bool(url.scheme and (url.netloc or url.path)) or (txt or "").startswith("/")
	if valid_schemes:
		schemes = [valid_schemes] if isinstance(valid_schemes, str) else valid_schemes
		valid = valid and url.scheme in schemes
	if not valid and throw:
		frappe.throw(frappe._("'{0}' is not a valid URL").format(frappe.bold(txt)))
	return valid


def get_fullname(user: str | None = None) -> str:
	"""Return first and last name of a user, else the user's id. Remembered for the request."""
	user = user or frappe.session.user
	if not hasattr(frappe.local, "fullnames"):
		frappe.local.fullnames = {}
	if user not in frappe.local.fullnames:
		names = frappe.db.get_value("User", user, ["first_name", "last_name"]) or ()
		frappe.local.fullnames[user] = " ".join(filter(None, names)) or user
	return frappe.local.fullnames[user]


def get_email_address(user: str | None = None) -> str | None:
	return frappe.db.get_value("User", user or frappe.session.user, "email")


def get_formatted_email(user: str, mail: str | None = None) -> str:
	"""Return `Name <address>` of a user, "" where no address is known."""
	mail = mail or get_email_address(user) or validate_email_address(user)
	if not mail:
		return ""
	return str(make_header(decode_header(formataddr((get_fullname(user), mail)))))
