"""What is this host's own: how it serves, what it keeps private. A bench leaves that to nginx and its database."""

import gzip
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from unittest import TestCase

from embedded.tests.sites import ENVIRONMENT, make_folder

SERVE = """
import embedded; embedded.activate()
import embedded.server; embedded.server.READ_SECONDS = 1
from embedded.commands import cli; cli()
"""
SITE = "private.localhost"


class TestServing(TestCase):
	@classmethod
	def setUpClass(cls) -> None:
		folder = tempfile.TemporaryDirectory()
		cls.addClassCleanup(folder.cleanup)
		cls.sites = Path(folder.name)
		make_folder(cls.sites, SITE)
		cls.bench("new-site").wait()
		with socket.create_server(("127.0.0.1", 0)) as free:
			cls.port = free.getsockname()[1]
		server = cls.bench("serve", "--port", str(cls.port))
		cls.addClassCleanup(server.wait)
		cls.addClassCleanup(server.send_signal, signal.SIGTERM)
		cls.wait_for_it()

	@classmethod
	def bench(cls, *words: str, stdout: Any = subprocess.DEVNULL, **options) -> subprocess.Popen:
		command = [sys.executable, "-c", SERVE, "--site", SITE, "--force", *words]
		return subprocess.Popen(command, cwd=cls.sites, env=ENVIRONMENT, stdout=stdout, **options)

	def test_a_taken_port_is_told_before_anything_is_announced(self) -> None:
		for command in (("serve", "--port", str(self.port)), ("free-port", str(self.port))):
			with self.subTest(command):
				refused = self.bench(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
				said = refused.communicate(timeout=60)[0].decode()
				self.assertEqual(refused.returncode, 1)
				self.assertIn(f"PORT={self.port + 1}", said)
				self.assertNotIn("http://", said)

	def test_a_free_port_is_passed_over_in_silence(self) -> None:
		with socket.create_server(("127.0.0.1", 0)) as free:
			port = free.getsockname()[1]
		asked = self.bench("free-port", str(port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
		self.assertEqual((asked.communicate(timeout=60)[0], asked.returncode), (b"", 0))

	def test_texts_are_compressed(self) -> None:
		url = f"http://127.0.0.1:{self.port}/login"
		with urllib.request.urlopen(
			urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
		) as answer:
			self.assertEqual(answer.headers["Content-Encoding"], "gzip")
			self.assertIn(b"<form", gzip.decompress(answer.read()))

	@classmethod
	def wait_for_it(cls) -> None:
		for _attempt in range(300):
			try:
				cls.connect().close()
				return
			except ConnectionRefusedError:
				time.sleep(0.1)
		raise AssertionError("The server does not start")

	@classmethod
	def connect(cls) -> socket.socket:
		return socket.create_connection(("127.0.0.1", cls.port), timeout=30)

	def ping(self, host: str) -> int:
		url = f"http://127.0.0.1:{self.port}/api/method/ping"
		try:
			with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host})) as answer:
				return answer.status
		except urllib.error.HTTPError as error:
			return error.code

	def test_it_answers_to_the_names_of_this_machine_only(self) -> None:
		for host in ("127.0.0.1", "localhost:8000", SITE, f"other.localhost:{self.port}"):
			self.assertEqual(self.ping(host), 200, host)
		for host in (
			"rebound.example.com",
			"rebound.example.com:8000",
			"localhost.example.com",
			"127.0.0.1.nip.io",
		):
			self.assertEqual(self.ping(host), 400, host)

	def test_half_sent_requests_do_not_stop_it(self) -> None:
		head = b"POST /api/method/ping HTTP/1.1\r\nHost: localhost\r\n"
		body = head + b"Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
		for half in (b"GET /api/met", head, body):
			with self.subTest(half):
				slow = [self.connect() for _number in range(8)]
				for connection in slow:
					connection.sendall(half)
				self.assertEqual(self.ping("localhost"), 200)
				for connection in slow:
					connection.close()

	def test_configuration_and_database_are_its_owners(self) -> None:
		files = [self.sites / SITE / "site_config.json", *(self.sites / SITE).glob("db.sqlite3*")]
		self.assertGreater(len(files), 1)
		for file in files:
			self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600, file.name)

	def test_migrating_closes_what_was_open(self) -> None:
		database = self.sites / SITE / "db.sqlite3"
		database.chmod(0o644)
		self.assertEqual(self.bench("migrate").wait(), 0)
		self.assertEqual(stat.S_IMODE(database.stat().st_mode), 0o600)
