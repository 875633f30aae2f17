"""Who is asking: password login, session cookies with a CSRF token, and API keys."""

import base64
import binascii
import hmac
from urllib.parse import quote

import frappe
from frappe import _
from frappe.sessions import Session, clear_sessions, delete_session, get_expiry_in_seconds

UNSAFE_HTTP_METHODS = frozenset(("POST", "PUT", "DELETE", "PATCH"))
MAX_PASSWORD_SIZE = 512


def open_session():
	"""Tie the request to a session: address, cookies, user, CSRF token, in this order."""
	forwarded = frappe.get_request_header("X-Forwarded-For") or ""
	frappe.local.request_ip = forwarded.split(",", 1)[0].strip() or frappe.request.remote_addr
	frappe.local.cookie_manager = CookieManager()
	frappe.local.login_manager = LoginManager()
	validate_csrf_token()


def validate_csrf_token():
	"""Only a session that was given a token is asked for it; API keys never have a session."""
	expected = frappe.session.data.csrf_token
	if frappe.request.method not in UNSAFE_HTTP_METHODS or frappe.conf.ignore_csrf or not expected:
		return
	field = frappe.form_dict.pop("csrf_token", None)
	if (frappe.get_request_header("X-Frappe-CSRF-Token") or field) != expected:
		frappe.flags.disable_traceback = True
		frappe.throw(_("Invalid Request"), frappe.CSRFTokenError)


class LoginManager:
	"""Signs in with the password sent to the login, else takes up the session of the cookie."""

	def __init__(self):
		self.user = None
		if frappe.form_dict.get("cmd") == "login" or frappe.request.path == "/api/method/login":
			self.authenticate()
			self.post_login()
		else:
			self.make_session()

	def authenticate(self):
		"""Check the credentials sent and set `self.user`; AuthenticationError otherwise."""
		from frappe.core.doctype.user.user import User

		user, pwd = frappe.form_dict.get("usr"), frappe.form_dict.pop("pwd", None)
		if not (user and pwd):
			self.fail(_("Incomplete login details"))
		if len(pwd) > MAX_PASSWORD_SIZE:
			self.fail(_("Password size exceeded the maximum allowed size"))

		found = User.find_by_credentials(user, pwd)
		if not (found and found.is_authenticated):
			self.fail("Invalid login credentials")
		if not (found.name == "Administrator" or found.enabled):
			self.fail("User disabled or missing")
		self.user = found.name

	def fail(self, message):
		frappe.local.response["message"] = message
		raise frappe.AuthenticationError

	def post_login(self):
		"""Open a session and say who is signed in and where to go."""
		from frappe.website.utils import get_home_page

		self.run_trigger("on_login")
		self.make_session()
		self.run_trigger("on_session_creation")
		user_type, full_name = frappe.get_cached_value("User", self.user, ["user_type", "full_name"])
		message = "No App" if user_type == "Website User" else "Logged In"
		frappe.local.response.update(message=message, home_page=f"/{get_home_page()}", full_name=full_name)

	def make_session(self):
		session = Session(self.user)
		frappe.local.session_obj, self.user = session, session.user
		frappe.local.cookie_manager.set_cookie(
			"sid", session.sid, max_age=get_expiry_in_seconds(), httponly=True
		)

	def logout(self, arg="", user=None):
		user = user or frappe.session.user
		self.run_trigger("on_logout")
		if user != frappe.session.user:
			return clear_sessions(user)
		delete_session(frappe.session.sid)
		self.user = "Guest"
		self.make_session()
		frappe.local.cookie_manager.forget_session()

	def run_trigger(self, event):
		for method in frappe.get_hooks(event):
			frappe.call(frappe.get_attr(method), login_manager=self)


class CookieManager:
	"""Collects cookies during the request; `flush_cookies` writes them to the response."""

	def __init__(self):
		self.cookies = {}

	def set_cookie(
		self, key, value, expires=None, secure=False, httponly=False, samesite="Lax", max_age=None
	):
		secure = secure or frappe.request.scheme == "https"
		options = {"expires": expires, "httponly": httponly, "samesite": samesite, "max_age": max_age}
		self.cookies[key] = {"value": quote(value or ""), "secure": secure, **options}

	def forget_session(self):
		self.set_cookie("sid", "", expires=0)

	def flush_cookies(self, response):
		for key, options in self.cookies.items():
			response.set_cookie(key, **options)


@frappe.whitelist()
def get_logged_user():
	return frappe.session.user


def validate_auth():
	"""Sign the request in by its Authorization header, if it has one; AuthenticationError if that fails."""
	scheme, _space, credentials = frappe.get_request_header("Authorization", "").partition(" ")
	if credentials:
		_validate_api_keys(scheme.lower(), credentials)
	for hook in frappe.get_hooks("auth_hooks"):
		frappe.get_attr(hook)()
	if credentials and frappe.session.user in ("", "Guest"):
		raise frappe.AuthenticationError


def _validate_api_keys(scheme, credentials):
	if scheme == "bearer":
		raise NotImplementedError("OAuth bearer tokens are not in the embedded host; a bench has them")
	if scheme == "basic":
		credentials = _decode(credentials)
	if scheme in ("basic", "token") and credentials.count(":") == 1:
		validate_api_key_secret(*credentials.split(":"))


def _decode(credentials) -> str:
	try:
		return base64.b64decode(credentials).decode()
	except (binascii.Error, UnicodeDecodeError):
		message = _("Failed to decode token, please provide a valid base64-encoded token.")
		frappe.throw(message, frappe.InvalidAuthorizationToken)


def validate_api_key_secret(api_key, api_secret):
	"""Sign in the enabled user who owns the key; AuthenticationError when key or secret is wrong."""
	from frappe.utils.password import get_decrypted_password

	user = frappe.db.get_value("User", {"api_key": api_key, "enabled": 1}, "name")
	secret = user and get_decrypted_password("User", user, "api_secret", raise_exception=False)
	if not secret or not hmac.compare_digest(secret.encode(), api_secret.encode()):
		raise frappe.AuthenticationError
	if frappe.local.login_manager.user in ("", "Guest"):
		arguments = frappe.local.form_dict
		frappe.set_user(user)
		frappe.local.form_dict = arguments
