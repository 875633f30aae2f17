"""A session with a site over its REST API, for what a test prepares and looks up beside the browser."""

import json
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener


class Rest:
	"""A session of a user; requests that the site refuses raise RuntimeError with its words."""

	def __init__(self, url: str, user: str, password: str) -> None:
		self.url, self.user = url, user
		self.jar = CookieJar()
		self.opener = build_opener(HTTPCookieProcessor(self.jar))
		self.send("POST", "/api/method/login", {"usr": user, "pwd": password})

	def send(self, method: str, path: str, body: dict | None = None) -> dict:
		headers = {"Accept": "application/json", "Content-Type": "application/json"}
		data = None if body is None else json.dumps(body).encode()
		request = Request(self.url + path, data, headers, method=method)
		try:
			with self.opener.open(request) as answer:
				return json.load(answer)
		except HTTPError as error:
			raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()[:2000]}") from error

	def cookies(self) -> list[dict]:
		"""Return the session's cookies as a browser context takes them."""
		return [{"name": each.name, "value": each.value, "url": self.url} for each in self.jar]

	def call(self, function: str, **arguments: Any) -> Any:
		"""Call a whitelisted function that writes."""
		return self.send("POST", f"/api/method/{function}", arguments).get("message")

	def ask(self, function: str, **arguments: Any) -> Any:
		"""Call a whitelisted function that reads; what is no text goes as JSON."""
		texts = {key: each if isinstance(each, str) else json.dumps(each) for key, each in arguments.items()}
		return self.send("GET", f"/api/method/{function}?{urlencode(texts)}").get("message")

	def get(self, doctype: str, name: str) -> dict:
		return self.send("GET", self.path(doctype, name))["data"]

	def get_list(self, doctype: str, filters: dict, *fields: str) -> list[dict]:
		query = urlencode({"filters": json.dumps(filters), "fields": json.dumps(fields or ["name"])})
		return self.send("GET", f"{self.path(doctype)}?{query}&limit_page_length=0")["data"]

	def insert(self, doctype: str, **values: Any) -> dict:
		return self.send("POST", self.path(doctype), values)["data"]

	def update(self, doctype: str, name: str, **values: Any) -> dict:
		return self.send("PUT", self.path(doctype, name), values)["data"]

	def delete(self, doctype: str, name: str) -> None:
		self.send("DELETE", self.path(doctype, name))

	@staticmethod
	def path(*names: str) -> str:
		return "/".join(["/api/resource", *(quote(name, safe="") for name in names)])
