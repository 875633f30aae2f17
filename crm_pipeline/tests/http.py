"""A REST client that speaks to the host's own WSGI application, without a network."""

import json
from contextlib import contextmanager
from threading import Barrier, Thread

import frappe
import frappe.app
from frappe.core.doctype.user.user import generate_keys
from werkzeug.test import Client, EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from crm_pipeline.tests.factories import make_user
from crm_pipeline.tests.mode import outside_test_mode


@contextmanager
def answering(path: str = "/api/method/anything", **sent):
	"""Let code run as if it answered a POST request with these values."""
	former = getattr(frappe.local, "request", None), frappe.local.form_dict
	frappe.local.request = Request(EnvironBuilder(path, method="POST").get_environ())
	frappe.local.form_dict = frappe._dict(sent)
	try:
		yield
	finally:
		frappe.local.request, frappe.local.form_dict = former


class Api:
	"""Requests by one user with an API token.

	Each runs in a thread of its own, since a request has its own connection; what a test wants a request to
	see must be committed.
	"""

	def __init__(self, *roles: str):
		self.user = make_user(*roles)
		secret = generate_keys(self.user)["api_secret"]
		key = frappe.db.get_value("User", self.user, "api_key")
		frappe.db.commit()
		self.headers = {"Authorization": f"token {key}:{secret}"}

	def get(self, path: str, /, **query):
		return self.call("GET", path, query_string=query)

	def post(self, path: str, /, **values):
		return self.call("POST", path, json=values)

	def put(self, path: str, /, **values):
		return self.call("PUT", path, json=values)

	def delete(self, path: str):
		return self.call("DELETE", path)

	def call(self, method: str, path: str, **options) -> TestResponse:
		return send(method, path, headers={**self.headers, **options.pop("headers", {})}, **options)

	def run(self, doctype: str, name: str, method: str, **arguments) -> TestResponse:
		"""Call a whitelisted method of a stored document."""
		return self.post(
			"/api/method/run_doc_method", dt=doctype, dn=name, method=method, args=json.dumps(arguments)
		)

	def press(self, doc: dict, method: str, **arguments) -> TestResponse:
		"""Call a whitelisted method as a button of Desk's form does: with the document as the form has it."""
		return self.call(**self.pressing(doc, method, **arguments))

	def pressing(self, doc: dict, method: str, **arguments) -> dict:
		"""Return what `send_together` needs to do the same."""
		body = {"docs": json.dumps(doc), "method": method, "args": json.dumps(arguments)}
		path = "/api/method/run_doc_method"
		return {"method": "POST", "path": path, "headers": self.headers, "json": body}


class Browser:
	"""A visitor who keeps cookies between requests and sends the CSRF token once `token` is set."""

	def __init__(self):
		self.client = Client(frappe.app.application)
		self.token = None

	def sign_in(self, user: str, password: str) -> TestResponse:
		return self.call("POST", "/api/method/login", data={"usr": user, "pwd": password})

	def call(self, method: str, path: str, **options) -> TestResponse:
		headers = {"X-Frappe-CSRF-Token": self.token} if self.token else {}
		return send(
			method, path, headers={**headers, **options.pop("headers", {})}, client=self.client, **options
		)

	def user(self) -> str | None:
		"""Who the server takes the visitor for; None for a guest, who is not even told that."""
		answer = self.call("GET", "/api/method/frappe.auth.get_logged_user")
		return answer.json["message"] if answer.status_code == 200 else None


def send(
	method: str, path: str, headers: dict | None = None, client: Client | None = None, **options
) -> TestResponse:
	"""One request to this site, as a guest unless the headers or the cookies of `client` say otherwise."""
	return send_together({"method": method, "path": path, "headers": headers, "client": client, **options})[0]


def send_together(*requests: dict) -> list[TestResponse]:
	"""Several requests at the same time, each with the arguments of `send`; their answers in that order."""
	site, answers = frappe.local.site, {}
	start = Barrier(len(requests))

	def answer(number: int, path: str, headers=None, client=None, **options):
		client = client or Client(frappe.app.application)
		headers = {"X-Frappe-Site-Name": site, "Accept": "application/json", **(headers or {})}
		start.wait()
		answers[number] = client.open(path, headers=headers, **options)

	frappe.db.commit()
	threads = [Thread(target=answer, args=[each], kwargs=request) for each, request in enumerate(requests)]
	with outside_test_mode():
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join()
	frappe.db.rollback()  # so that the next query sees what the requests wrote
	return [answers[number] for number in range(len(requests))]
