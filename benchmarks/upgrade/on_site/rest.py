"""The REST client of somebody who has had a token since before the upgrade."""

import json
from threading import Thread
from typing import Any

import frappe
import frappe.app
from frappe.utils.password import get_decrypted_password
from werkzeug.test import Client

USER = "upgrade@example.com"
ROLES = ("Sales User", "Sales Manager", "Purchase User", "System Manager")
WORDS = 300  # characters of a refusal that are shown


class Refused(Exception):
	"""An answer that is not the one a client knew."""


def call(method: str, path: str, **options: Any):
	"""Return what the site answers, by an own connection as every request has it.

	Raises:
		Refused: with the status, the kind of error and the words of the answer.
	"""
	frappe.db.commit()
	answers = []
	thread = Thread(target=lambda: answers.append(Client(frappe.app.application).open(path, **options)))
	options.update(method=method, headers=headers())
	thread.start()
	thread.join()
	frappe.db.rollback()
	answer = answers[0]
	said = answer.get_json(silent=True) or {}
	if answer.status_code != 200:
		words = said.get("exception") or said.get("_server_messages") or answer.get_data(as_text=True)
		raise Refused(f"{method} {path}: {answer.status_code} {said.get('exc_type')} {str(words)[:WORDS]}")
	return said.get("message", said.get("data"))


def headers() -> dict:
	key, secret = (
		frappe.db.get_value("User", USER, "api_key"),
		get_decrypted_password("User", USER, "api_secret"),
	)
	return {
		"Authorization": f"token {key}:{secret}",
		"X-Frappe-Site-Name": frappe.local.site,
		"Accept": "application/json",
	}


def get(function: str, /, **query: Any):
	return call("GET", f"/api/method/{function}", query_string=query)


def post(function: str, /, **values: Any):
	return call("POST", f"/api/method/{function}", json=values)


def create(doctype: str, /, **values: Any) -> dict:
	return call("POST", f"/api/resource/{doctype}", json=values)


def read(doctype: str, name: str) -> dict:
	return call("GET", f"/api/resource/{doctype}/{name}")


def update(doctype: str, name: str, /, **values: Any) -> dict:
	return call("PUT", f"/api/resource/{doctype}/{name}", json=values)


def run_method(doctype: str, name: str, method: str, /, **arguments: Any) -> None:
	post("run_doc_method", dt=doctype, dn=name, method=method, args=json.dumps(arguments))
