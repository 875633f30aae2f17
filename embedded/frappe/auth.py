"""Who is asking: password login, session cookies with a CSRF token, and API keys."""

import hmac
import time
from collections.abc import Iterable
from typing import Any, NoReturn

import frappe
from frappe import _
from frappe.sessions import Session, delete_session
from frappe.translate import get_language
from frappe.utils import cint, now_datetime
from frappe.utils.password import get_decrypted_password, is_password
from frappe.website.serve import get_home_page
from werkzeug.datastructures import Authorization

UNSAFE_HTTP_METHODS = frozenset(("POST", "PUT", "DELETE", "PATCH"))
MAX_PASSWORD_SIZE = 512

_failures: dict = {}  # (site, address or user): (time of the first, number), of this one server process


def open_session() -> None:
	"""Sign in with the password sent to the login, else take up the session of the cookie; check its CSRF token."""
	if frappe.request.path == "/api/method/login":
		log_in(frappe.form_dict.get("usr"), frappe.form_dict.pop("pwd", None))
	else:
		frappe.local.session_obj = Session()
	frappe.local.lang = get_language()
	validate_csrf_token()


def validate_csrf_token() -> None:
	"""Only a session that was given a token is asked for it; API keys never have a session."""
	expected = frappe.session.data.csrf_token
	is_asked = expected and not frappe.conf.ignore_csrf and frappe.request.method in UNSAFE_HTTP_METHODS
	if not is_asked:
		return
	in_form = frappe.form_dict.pop("csrf_token", None)
	if expected != (frappe.get_request_header("X-Frappe-CSRF-Token") or in_form):
		frappe.flags.disable_traceback = True
		frappe.throw(_("Invalid Request"), frappe.CSRFTokenError)


def log_in(user: Any, pwd: Any) -> None:
	"""Check the credentials, open a session, and say who is signed in and where to go."""
	if cint(frappe.get_system_settings("disable_user_pass_login")):
		frappe.throw(_("Login with username and password is not allowed."), frappe.AuthenticationError)
	if not (user and pwd):
		_fail(_("Incomplete login details"))
	if not (isinstance(user, str) and isinstance(pwd, str)):
		_fail("Invalid login credentials")  # anything else would be a filter that finds somebody
	if len(pwd) > MAX_PASSWORD_SIZE:
		_fail(_("Password size exceeded the maximum allowed size"))
	columns = ["name", "enabled", "full_name", "user_type", "login_after", "login_before"]
	found = frappe.db.get_value("User", user, columns, as_dict=True)
	sources = [frappe.local.request_ip, *([found.name] if found else [])]
	_refuse_locked(sources)
	if not found or not is_password(found.name, pwd):
		_fail("Invalid login credentials", sources)
	if not (found.name == "Administrator" or found.enabled):
		_fail("User disabled or missing", sources)
	for source in sources:
		_failures.pop((frappe.local.site, source), None)
	hour, end = now_datetime().hour, found.login_before or 24
	if hour >= end or hour < (found.login_after or 0):
		frappe.throw(_("Login not allowed at this time"), frappe.AuthenticationError)
	frappe.local.session_obj = Session(found.name)
	message = "No App" if found.user_type == "Website User" else "Logged In"
	answer = {"message": message, "home_page": f"/{get_home_page()}", "full_name": found.full_name}
	frappe.local.response.update(answer)


def _fail(message: str, sources: Iterable[str] = ()) -> NoReturn:
	"""Refuse to sign in, and count that against an address and a user: from the first failure on, for the time of a lock."""
	moment, length = time.time(), cint(frappe.get_system_settings("allow_login_after_fail"))
	for key, (since, _count) in list(_failures.items()):
		if key[0] == frappe.local.site and since + length <= moment:
			_failures.pop(key, None)
	for source in sources:
		since, count = _failures.get((frappe.local.site, source), (moment, 0))
		_failures[frappe.local.site, source] = since, count + 1
	frappe.local.response["message"] = message
	raise frappe.AuthenticationError


def _refuse_locked(sources: Iterable[str]) -> None:
	"""Refuse after too many failures, the right password too."""
	settings = frappe.get_doc("System Settings")
	allowed, length = cint(settings.allow_consecutive_login_attempts), cint(settings.allow_login_after_fail)
	for source in sources if allowed > 0 else ():
		since, count = _failures.get((frappe.local.site, source), (0, 0))
		if count > allowed and since + length > time.time():
			message = _("Your account has been locked and will resume after {0} seconds")
			frappe.throw(message.format(length), frappe.SecurityException)


def log_out() -> None:
	delete_session(frappe.session.sid)
	frappe.local.session_obj = Session("Guest")


@frappe.whitelist()
def get_logged_user() -> str:
	return frappe.session.user


def validate_auth() -> None:
	"""Sign the request in by its Authorization header, if it has one; AuthenticationError if that fails."""
	has_credentials = " " in frappe.get_request_header("Authorization", "")
	if has_credentials:
		_validate_api_keys(frappe.request.authorization)
	if has_credentials and frappe.session.user in ("", "Guest"):
		raise frappe.AuthenticationError


def _validate_api_keys(authorization: Authorization | None) -> None:
	if not authorization:
		message = _("Failed to decode token, please provide a valid base64-encoded token.")
		frappe.throw(message, frappe.InvalidAuthorizationToken)
	if authorization.type == "bearer":
		raise frappe.missing("OAuth by bearer token")
	if authorization.type == "basic":
		validate_api_key_secret(authorization.username, authorization.password)
	elif authorization.type == "token":
		key, _colon, secret = (authorization.token or "").partition(":")
		validate_api_key_secret(key, secret)


def validate_api_key_secret(api_key: str, api_secret: str) -> None:
	"""Sign in the enabled user who owns the key; AuthenticationError when key or secret is wrong."""
	user = frappe.db.get_value("User", {"api_key": api_key, "enabled": 1}, "name")
	secret = user and get_decrypted_password("User", user, "api_secret", raise_exception=False)
	if not secret or not hmac.compare_digest(secret.encode(), api_secret.encode()):
		raise frappe.AuthenticationError
	if frappe.session.user in ("", "Guest"):
		arguments = frappe.local.form_dict
		frappe.set_user(user)
		frappe.local.form_dict = arguments
