"""Who is asking: password login, session cookies with a CSRF token, and API keys."""

import base64
import binascii
import hmac
from datetime import timedelta
from urllib.parse import quote

import frappe
from frappe import _
from frappe.sessions import Session, clear_sessions, delete_session, get_expiry_in_seconds
from frappe.utils import now_datetime

SAFE_HTTP_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
UNSAFE_HTTP_METHODS = frozenset(("POST", "PUT", "DELETE", "PATCH"))
MAX_PASSWORD_SIZE = 512
SESSION_COOKIES = ("full_name", "user_id", "sid", "user_image", "system_user")


class HTTPRequest:
	"""Ties the request to a session: address, cookies, user, CSRF token, in this order."""

	def __init__(self):
		frappe.local.request_ip = self.get_address()
		frappe.local.cookie_manager = CookieManager()
		frappe.local.login_manager = LoginManager()
		self.validate_csrf_token()
		frappe.local.cookie_manager.init_cookies()

	def get_address(self) -> str:
		forwarded = frappe.get_request_header("X-Forwarded-For") or ""
		return forwarded.split(",", 1)[0].strip() or frappe.request.remote_addr or "127.0.0.1"

	def validate_csrf_token(self):
		"""Only a session that was given a token is asked for it; API keys never have a session."""
		expected = frappe.session.data.csrf_token
		if frappe.request.method not in UNSAFE_HTTP_METHODS or frappe.conf.ignore_csrf or not expected:
			return
		field = frappe.form_dict.pop("csrf_token", None)
		if (frappe.get_request_header("X-Frappe-CSRF-Token") or field) != expected:
			frappe.flags.disable_traceback = True
			frappe.throw(_("Invalid Request"), frappe.CSRFTokenError)


class LoginManager:
	def __init__(self):
		self.user = self.info = self.full_name = self.user_type = None
		if frappe.form_dict.get("cmd") == "login" or frappe.request.path == "/api/method/login":
			self.login()
		else:
			self.make_session(resume=True)
			self.get_user_info()
			self.set_user_info(resume=True)

	def login(self):
		frappe.clear_cache(user=frappe.form_dict.get("usr"))
		self.authenticate()
		frappe.form_dict.pop("pwd", None)
		self.post_login()

	def login_as(self, user: str):
		self.user = user
		self.post_login()

	def login_as_guest(self):
		self.login_as("Guest")

	def post_login(self):
		self.run_trigger("on_login")
		self.get_user_info()
		self.make_session()
		self.set_user_info()

	def authenticate(self, user: str | None = None, pwd: str | None = None):
		"""Check the credentials given or sent and set `self.user`; AuthenticationError otherwise."""
		from frappe.core.doctype.user.user import User

		user, pwd = user or frappe.form_dict.get("usr"), pwd or frappe.form_dict.get("pwd")
		if not (user and pwd):
			self.fail(_("Incomplete login details"), user=user)
		if len(pwd) > MAX_PASSWORD_SIZE:
			self.fail(_("Password size exceeded the maximum allowed size"), user=user)

		found = User.find_by_credentials(user, pwd)
		if not (found and found.is_authenticated):
			self.fail("Invalid login credentials", user=user)
		if not (found.name == "Administrator" or found.enabled):
			self.fail("User disabled or missing", user=user)
		self.user = found.name

	def fail(self, message, user=None):
		frappe.local.response["message"] = message
		raise frappe.AuthenticationError

	def make_session(self, resume=False):
		session = Session(self.user, resume=resume, full_name=self.full_name, user_type=self.user_type)
		frappe.local.session_obj, self.user = session, session.user
		frappe.local.session = session.data
		if not resume:
			self.run_trigger("on_session_creation")

	def get_user_info(self):
		fields = ["user_type", "first_name", "last_name", "user_image"]
		self.info = frappe.get_cached_value("User", self.user, fields, as_dict=True)
		self.user_type = self.info.user_type
		self.full_name = " ".join(filter(None, [self.info.first_name, self.info.last_name]))

	def set_user_info(self, resume=False):
		"""Tell the browser who is signed in, and, after a login, where to go."""
		is_website_user = self.user_type == "Website User"
		cookies = frappe.local.cookie_manager
		cookies.init_cookies()
		cookies.set_cookie("system_user", "no" if is_website_user else "yes")
		cookies.set_cookie("full_name", self.full_name)
		cookies.set_cookie("user_id", self.user)
		cookies.set_cookie("user_image", self.info.user_image or "")
		if not resume:
			from frappe.website.utils import get_home_page

			frappe.local.response["message"] = "No App" if is_website_user else "Logged In"
			frappe.local.response["home_page"] = "/" + get_home_page()
			frappe.local.response["full_name"] = self.full_name

	def logout(self, arg="", user=None):
		user = user or frappe.session.user
		self.run_trigger("on_logout")
		if user != frappe.session.user:
			return clear_sessions(user)
		delete_session(frappe.session.sid, user=user, reason="User Manually Logged Out")
		frappe.local.cookie_manager.forget_session()
		self.login_as_guest()

	def run_trigger(self, event="on_login"):
		for method in frappe.get_hooks(event):
			frappe.call(frappe.get_attr(method), login_manager=self)

	def clear_cookies(self):
		frappe.local.cookie_manager.forget_session()


class CookieManager:
	"""Collects cookies during the request; `flush_cookies` writes them to the response."""

	def __init__(self):
		self.cookies = {}
		self.to_delete = []

	def init_cookies(self):
		if sid := frappe.session.get("sid"):
			self.set_cookie("sid", sid, max_age=get_expiry_in_seconds(), httponly=True)

	def set_cookie(
		self, key, value, expires=None, secure=False, httponly=False, samesite="Lax", max_age=None
	):
		secure = secure or frappe.request.scheme == "https"
		options = {"expires": expires, "httponly": httponly, "samesite": samesite, "max_age": max_age}
		self.cookies[key] = {"value": quote(value or ""), "secure": secure, **options}

	def delete_cookie(self, to_delete):
		self.to_delete.extend([to_delete] if isinstance(to_delete, str) else to_delete)

	def forget_session(self):
		if frappe.local.session:
			frappe.session.sid = ""
		self.delete_cookie(SESSION_COOKIES)

	def flush_cookies(self, response):
		for key, options in self.cookies.items():
			response.set_cookie(key, **options)
		for key in set(self.to_delete):
			response.set_cookie(key, "", expires=now_datetime() - timedelta(days=1))


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
		frappe.throw(
			_("Failed to decode token, please provide a valid base64-encoded token."),
			frappe.InvalidAuthorizationToken,
		)


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
