"""What is sent compressed, and how long browsers keep what they were sent."""

import gzip
import json
from pathlib import Path
from unittest import TestCase

import frappe
from werkzeug.test import Client, TestResponse
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

from crm_pipeline.tests.http import send
from embedded.gzipped import LEAST_BYTES, compressing

LONG = json.dumps({"message": "Racks " * LEAST_BYTES})
TAKES_GZIP = {"Accept-Encoding": "gzip, br"}


def answer_with(response: Response, method: str = "GET", **headers: str) -> TestResponse:
	return Client(compressing(response)).open("/", method=method, headers=headers)


class TestCompression(TestCase):
	def test_long_text_is_compressed_for_whoever_takes_it(self) -> None:
		for mimetype in ("application/json", "text/html", "text/css", "text/javascript", "image/svg+xml"):
			with self.subTest(mimetype):
				answer = answer_with(Response(LONG, mimetype=mimetype), **TAKES_GZIP)
				self.assertEqual(answer.content_encoding, "gzip")
				self.assertEqual(answer.content_length, len(answer.data))
				self.assertLess(len(answer.data), len(LONG) / 10)
				self.assertEqual(gzip.decompress(answer.data).decode(), LONG)
				self.assertEqual(answer.headers["Vary"], "Accept-Encoding")

	def test_others_get_it_as_it_is_and_caches_know_that_it_differs(self) -> None:
		for header in ({}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0, *;q=0"}):
			with self.subTest(header):
				answer = answer_with(Response(LONG, mimetype="application/json"), **header)
				self.assertEqual((answer.content_encoding, answer.text), (None, LONG))
				self.assertEqual(answer.headers["Vary"], "Accept-Encoding")

	def test_what_is_short_or_no_text_or_compressed_already_is_left(self) -> None:
		for response in (
			Response("x" * (LEAST_BYTES - 1), mimetype="text/html"),
			Response(LONG, mimetype="image/png"),
			Response(LONG, mimetype="application/json", headers={"Content-Encoding": "br"}),
			Response(LONG, mimetype="text/html", status=206),
		):
			data = response.data
			answer = answer_with(response, **TAKES_GZIP)
			self.assertEqual(answer.data, data)
			self.assertNotEqual(answer.content_encoding, "gzip")

	def test_what_varies_already_still_does(self) -> None:
		answer = answer_with(Response(LONG, mimetype="text/html", headers={"Vary": "Cookie"}), **TAKES_GZIP)
		self.assertEqual(answer.headers["Vary"], "Cookie, Accept-Encoding")

	def test_a_file_known_under_its_tag_is_not_sent_again_in_whatever_encoding(self) -> None:
		@Request.application
		def files(request: Request) -> Response:
			return send_file(__file__, request.environ)

		client = Client(compressing(files))
		for headers in (TAKES_GZIP, {}):
			answer = client.get("/", headers=headers)
			tag = answer.headers["ETag"]
			self.assertTrue(tag.startswith('W/"'), tag)
			self.assertEqual(answer.content_encoding, "gzip" if headers else None)
			for again in (TAKES_GZIP, {}):
				known = client.get("/", headers={**again, "If-None-Match": tag})
				self.assertEqual((known.status_code, known.data, known.headers["ETag"]), (304, b"", tag))

	def test_heads_are_left(self) -> None:
		answer = answer_with(Response(LONG, mimetype="text/html"), "HEAD", **TAKES_GZIP)
		self.assertEqual((answer.data, answer.content_encoding), (b"", None))


class TestKeeping(TestCase):
	def test_a_version_is_kept_for_good_and_all_else_for_an_hour(self) -> None:
		icon = "/assets/crm_pipeline/pipeline/icon.svg"
		self.assertTrue(Path(frappe.get_app_path("crm_pipeline", "public", "pipeline", "icon.svg")).exists())
		for path, kept in (
			(f"{icon}?v=1", "public, max-age=31536000, immutable"),
			(icon, "public, max-age=3600"),
		):
			with self.subTest(path):
				self.assertEqual(
					set(send("GET", path).headers["Cache-Control"].split(", ")), set(kept.split(", "))
				)
