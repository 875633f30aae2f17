"""Answers go compressed to clients that take them so. On a bench nginx does that."""

import gzip
from collections.abc import Callable, Iterable

from werkzeug.wrappers import Request, Response

LEAST_BYTES = 1024
LEVEL = 6
TYPES = ("text/", "application/json", "application/javascript", "image/svg+xml")


def compressing(application: Callable) -> Callable:
	"""Return a WSGI application that answers as another does, compressed where that is of use."""

	def compressed(environ: dict, start_response: Callable) -> Iterable[bytes]:
		response = Response.from_app(application, environ)
		compress(response, Request(environ))
		return response(environ, start_response)

	return compressed


def compress(response: Response, request: Request) -> None:
	"""Compress what is text and long enough.

	Tags are weak, since the bytes of an answer depend on what its client takes; what they stand for does not.
	"""
	tag, _is_weak = response.get_etag()
	if tag:
		response.set_etag(tag, weak=True)
	if not is_compressible(response):
		return
	response.vary.add("Accept-Encoding")
	if request.method == "HEAD" or not request.accept_encodings["gzip"]:
		return
	data = response.get_data()
	if len(data) >= LEAST_BYTES:
		response.set_data(gzip.compress(data, LEVEL, mtime=0))
		response.content_encoding = "gzip"
		response.headers.pop("Accept-Ranges", None)


def is_compressible(response: Response) -> bool:
	is_whole = response.status_code != 206 and "Content-Encoding" not in response.headers
	return is_whole and (response.mimetype or "").startswith(TYPES)
