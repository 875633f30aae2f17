"""The web server."""

import errno
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import frappe.app
from frappe.utils.scheduler import keep_running
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from embedded.gzipped import compressing

THREADS = 4
READ_SECONDS = 10


class PortTaken(Exception):
	"""Another process listens where this one should."""


class Worker(ThreadWorker):
	"""Gives clients a time in which to send the whole of a request, since each takes up one of few threads."""

	def handle(self, conn: TConn) -> Any:
		timer = threading.Timer(READ_SECONDS, self.stop_reading, [conn.sock])
		timer.start()
		try:
			return super().handle(conn)
		finally:
			timer.cancel()

	@staticmethod
	def stop_reading(sock: socket.socket) -> None:
		with suppress(OSError):  # it is closed already
			sock.shutdown(socket.SHUT_RD)


class Server(BaseApplication):
	"""Gunicorn with one worker process of several threads: cache and scheduler live in the process."""

	def __init__(self, site: str, host: str, port: int, with_scheduler: bool) -> None:
		refuse_taken(host, port)
		frappe.app.use_site(site, get_trusted_hosts(site, host))
		self.site, self.with_scheduler = site, with_scheduler
		self.settings = {"bind": f"{host}:{port}", "threads": THREADS, "worker_class": Worker}
		self.settings["when_ready"] = lambda _arbiter: print(
			f"Serving {site} on http://{host}:{port}", flush=True
		)
		super().__init__()

	def load_config(self) -> None:
		for key, value in {"workers": 1, "loglevel": "warning", **self.settings}.items():
			self.cfg.set(key, value)

	def load(self) -> Callable:
		if self.with_scheduler:
			threading.Thread(target=keep_running, args=(self.site,), daemon=True).start()
		return compressing(frappe.app.application)


def refuse_taken(host: str, port: int) -> None:
	"""Say at once that a port is taken, which Gunicorn does after a number of attempts.

	:raises PortTaken: when it is."""
	family = socket.AF_INET6 if ":" in host else socket.AF_INET
	with socket.socket(family) as attempt:
		attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		try:
			attempt.bind((host.strip("[]"), port))
		except OSError as error:
			if error.errno != errno.EADDRINUSE:
				raise
			raise PortTaken(f"Port {port} is taken. Choose another, for instance PORT={port + 1}.") from None


def get_trusted_hosts(site: str, host: str) -> list[str] | None:
	"""Return the names to answer to: while only this machine can connect, none that another's DNS gives it."""
	is_loopback = host in ("localhost", "[::1]") or host.startswith("127.")
	return [site, host, "127.0.0.1", "localhost", ".localhost"] if is_loopback else None
