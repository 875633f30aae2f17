"""Sessions of people who signed in with a password: a row in `tabSessions`, found by the cookie `sid`."""

import datetime
import json
from urllib.parse import quote, unquote

import frappe
from frappe import _
from frappe.types import _dict
from frappe.utils import add_to_date, cint, get_datetime, now, now_datetime, time_diff_in_seconds
from werkzeug.wrappers import Response

RENEW_AFTER_SECONDS = 600
DEFAULT_EXPIRY = "240:00:00"


class Session:
	"""A new session of `user`, else the one the cookie names. `data` is `frappe.session`: user, sid, data."""

	def __init__(self, user: str | None = None) -> None:
		self.sid = str(frappe.form_dict.get("sid") or unquote(frappe.request.cookies.get("sid", "Guest")))
		self.user = user
		self.last_update = None
		self.data = frappe.local.session = frappe._dict(data=frappe._dict())
		if user:
			self.start()
		else:
			self.resume()
		if self.user != "Guest" and cint(frappe.get_system_settings("deny_multiple_sessions")):
			allowed = cint(frappe.db.get_value("User", self.user, "simultaneous_sessions")) or 1
			clear_other_sessions(self.user, keep=allowed - 1)

	def resume(self) -> None:
		"""Take up the session the cookie names; an unknown or expired one continues as Guest."""
		state = None if self.sid == "Guest" else self._load()
		if self.sid != "Guest" and not state:
			frappe.response["session_expired"] = 1
			self.sid = "Guest"
		self.user = state.user if state else "Guest"
		if state and not frappe.get_cached_value("User", self.user, "enabled"):
			frappe.throw(_("User {0} is disabled. Please contact your System Manager.").format(self.user))
		self.data.update(sid=self.sid, user=self.user, data=state or frappe._dict(user="Guest"))

	def start(self) -> None:
		"""Begin a session; all guests share one that is never stored."""
		self.sid = "Guest" if self.user == "Guest" else frappe.generate_hash(length=56)
		self.data.update(sid=self.sid, user=self.user, data=frappe._dict(user=self.user))
		if self.user == "Guest":
			return
		frappe.db.delete("Sessions", {"lastupdate": ["<", expired_before()]})
		self.last_update = now()
		row = (self.sid, self.user, json.dumps(self.data.data), self.last_update)
		frappe.db.bulk_insert("Sessions", ("sid", "user", "sessiondata", "lastupdate"), [row])
		frappe.db.commit()

	def update(self, force: bool = False) -> None:
		"""Store the session and its new end, at most every ten minutes unless forced."""
		fresh = self.last_update and time_diff_in_seconds(now(), self.last_update) < RENEW_AFTER_SECONDS
		if self.user == "Guest" or (fresh and not force):
			return
		values = {"sessiondata": json.dumps(self.data.data), "lastupdate": now()}
		frappe.db.set_value("Sessions", {"sid": self.sid}, values, update_modified=False)
		frappe.db.commit()

	def send_cookie(self, response: Response) -> None:
		"""Tell the browser the session's id."""
		is_secure = frappe.request.scheme == "https"
		options = {"max_age": get_expiry_in_seconds(), "secure": is_secure, "httponly": True}
		response.set_cookie("sid", quote(self.sid), samesite="Lax", **options)

	def _load(self) -> _dict | None:
		columns = ["user", "sessiondata", "lastupdate"]
		row = frappe.db.get_value("Sessions", {"sid": self.sid}, columns, as_dict=True)
		if not row or get_datetime(row.lastupdate) < expired_before():
			return None
		self.last_update = row.lastupdate
		return frappe._dict(json.loads(row.sessiondata), user=row.user)


def get_csrf_token() -> str:
	"""Return the token that unsafe requests of this session have to carry."""
	if not frappe.session.data.csrf_token:
		frappe.session.data.csrf_token = frappe.generate_hash(length=56)
		if session := getattr(frappe.local, "session_obj", None):
			session.update(force=True)
	return frappe.session.data.csrf_token


def delete_session(sid: str) -> None:
	frappe.db.delete("Sessions", {"sid": sid})
	frappe.db.commit()


def clear_other_sessions(user: str, keep: int = 0) -> None:
	"""End the sessions of a user but the current one, and but so many of those last used."""
	query = "select sid from tabSessions where user = %s and sid != %s order by lastupdate desc limit -1 offset %s"
	for sid in frappe.db.sql(query, (user, frappe.session.sid, keep), pluck=True):
		delete_session(sid)


def expired_before() -> datetime.datetime:
	"""Return the moment before which an untouched session is over."""
	return add_to_date(now_datetime(), seconds=-get_expiry_in_seconds())


def get_expiry_in_seconds() -> int:
	"""Return the length of a session, from `H:MM[:SS]` in System Settings."""
	expiry = frappe.db.get_single_value("System Settings", "session_expiry") or DEFAULT_EXPIRY
	hours, minutes, seconds = [cint(part) for part in f"{expiry}:0:0".split(":")[:3]]
	return hours * 3600 + minutes * 60 + seconds
