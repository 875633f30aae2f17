"""The link by which a supplier answers one request: signed, expiring, revocable, and good for nothing else.

Each request has a secret of its own, encrypted among Frappe's passwords, where no field, list, export or version shows it. A
name that does not exist, a link that was tampered with and one that was revoked are refused in the same words.
"""

import hashlib
import hmac
import secrets
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_url, getdate, today
from frappe.utils.password import get_decrypted_password, remove_encrypted_password, set_encrypted_password

from crm_pipeline.exceptions import RequestLinkExpired, RequestLinkInvalid
from crm_pipeline.rules.supplier_request import link_ends_on

DOCTYPE = "Supplier Quotation"
PLACE = "request_secret"  # among the passwords; no field of this name exists
PAGE = "/supplier-request"
LONGEST = 140  # characters of a name
NOBODY = "0" * 64  # signs for names that have no secret, so that these take as long


def link_to_answer(request: Document) -> str:
	"""Return the address at which the supplier answers, and give the request its secret if it has none."""
	expires = _ends_on(request.requested_on, request.answer_by).isoformat()
	secret = _secret_of(request.name) or _new_secret(request.name)
	query = {"name": request.name, "expires": expires, "signature": _sign(secret, request.name, expires)}
	return get_url(f"{PAGE}?{urlencode(query)}")


def revoke(name: str) -> bool:
	"""Let no link to a request open it any more; the next one that is sent has a new secret.

	Returns: whether there was a link.
	"""
	if not _secret_of(name):
		return False
	remove_encrypted_password(DOCTYPE, name, PLACE)
	return True


def open_link(name: Any, expires: Any, signature: Any) -> str:
	"""Return the name of the request that a link opens.

	Args:
		name, expires, signature: as they came in the address.

	Raises:
		RequestLinkInvalid: it was not made here, or it was changed or revoked.
		RequestLinkExpired: it was made here, and its last day is past, or that of the request as it stands now.
	"""
	if not _is_signed(name, expires, signature):
		frappe.throw(
			_(
				"This link is not valid. Please open it as it stands in our latest mail, or ask us for a new one."
			),
			RequestLinkInvalid,
			title=_("Link Not Valid"),
		)
	present_end = _ends_on(*frappe.db.get_value(DOCTYPE, name, ["requested_on", "answer_by"]))
	if min(date.fromisoformat(expires), present_end) < getdate(today()):
		frappe.throw(
			_("This link has expired. Please ask us for a new one."),
			RequestLinkExpired,
			title=_("Link Expired"),
		)
	return name


def _ends_on(requested_on: datetime | str, answer_by: date | str | None) -> date:
	return link_ends_on(getdate(requested_on), getdate(answer_by) if answer_by else None)


def _is_signed(name: Any, expires: Any, signature: Any) -> bool:
	if not all(_is_plain(each) for each in (name, expires, signature)):
		return False
	secret = _secret_of(name)
	expected = _sign(secret or NOBODY, name, expires)
	genuine = hmac.compare_digest(expected.encode(), signature.encode())
	return genuine and bool(secret) and bool(frappe.db.exists(DOCTYPE, name))


def _is_plain(value: Any) -> bool:
	"""Return whether a value is text that a database takes: neither halves of characters nor bytes without a sign."""
	return isinstance(value, str) and value.isprintable() and len(value) <= LONGEST


def _sign(secret: str, name: str, expires: str) -> str:
	return hmac.new(secret.encode(), f"{name}|{expires}".encode(), hashlib.sha256).hexdigest()


def _secret_of(name: str) -> str | None:
	return get_decrypted_password(DOCTYPE, name, PLACE, raise_exception=False)


def _new_secret(name: str) -> str:
	secret = secrets.token_hex(32)
	set_encrypted_password(DOCTYPE, name, secret, PLACE)
	return secret
