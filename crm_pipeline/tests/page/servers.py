"""Who serves the page: the embedded host with the demo, or a bench."""

import hashlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from crm_pipeline.demo.people import BUYER, SALESPEOPLE, user_of
from crm_pipeline.tests.page.rest import Rest

ROOT = Path(__file__).resolve().parents[3]
BUILT = ROOT / "build" / "page-site"
SITE = "page.localhost"
ADMINISTRATOR = "Administrator"
MANAGER, SALESPERSON, COLLEAGUE = (user_of(*person[:2]) for person in SALESPEOPLE[:3])
BUYING = user_of(*BUYER)
PEOPLE = (MANAGER, SALESPERSON, COLLEAGUE, BUYING)
OPPORTUNITIES = 40
PATIENCE = 60  # seconds until it answers
NOT_LET_IN = (
	"{user} cannot sign in on {url}: {error} Let them in: crm-pipeline demo-people --password {password}"
)


def of_sources() -> str:
	"""Return what differs when a site would be another: by the day, and by what makes it."""
	known = hashlib.sha256(f"{date.today()} {OPPORTUNITIES}".encode())
	for path in sorted((*ROOT.glob("crm_pipeline/**/*"), *ROOT.glob("embedded/**/*"))):
		is_source = path.suffix in (".py", ".json", ".txt", ".csv") and not path.name.startswith("test_")
		if is_source and not {"tests", "public", "www"}.intersection(path.parts):
			known.update(path.read_bytes())
	return known.hexdigest()[:16]


class Server:
	"""Serves the page on `url`, with the demo, whose people sign in with `people_password`."""

	is_bench = True  # with Desk, and with what `bench build` makes

	def __init__(self, url: str, user: str, password: str, people_password: str) -> None:
		self.url = url.rstrip("/")
		self.passwords = {**dict.fromkeys(PEOPLE, people_password), user: password}
		self.administrator = user
		self.languages: dict[str, str] = {}

	def sign_in(self, user: str) -> Rest:
		"""Return a session of a user, for what a test prepares and looks up."""
		return self.new_session(user)

	def new_session(self, user: str) -> Rest:
		"""Return a session of a user that nothing else uses."""
		try:
			return Rest(self.url, user, self.passwords[user])
		except RuntimeError as error:
			password = self.passwords[MANAGER]
			text = NOT_LET_IN.format(user=user, url=self.url, error=error, password=password)
			raise RuntimeError(text) from error

	def speak(self, user: str, language: str) -> None:
		"""Let a user have the site in a language until `restore`."""
		admin = self.sign_in(self.administrator)
		before = admin.get("User", user).get("language") or ""
		if before != language:
			self.languages.setdefault(user, before)
			admin.update("User", user, language=language)

	def keep(self) -> None:
		"""Take what the site has now for what `restore` goes back to."""
		raise NotImplementedError

	def make_many(self, rest: Rest, title: str, count: int, values: dict) -> None:
		"""Make so many opportunities of these values, each with its number, from 0 on, in the title."""
		raise NotImplementedError

	def differences(self) -> list[str]:
		"""Return in which way the site is not as it was when the tests began, a line for each record."""
		return []

	def restore(self) -> None:
		"""Put back what tests changed."""
		for user, language in self.languages.items():
			self.sign_in(self.administrator).update("User", user, language=language)
		self.languages.clear()

	def stop(self) -> None:
		"""End what was started for the tests."""


class EmbeddedServer(Server):
	"""The embedded host on a site of its own, which `restore` takes back to how it was built."""

	is_bench = False

	def __init__(self, folder: Path) -> None:
		with socket.create_server(("127.0.0.1", 0)) as free:
			self.port = free.getsockname()[1]
		super().__init__(f"http://127.0.0.1:{self.port}", ADMINISTRATOR, "admin", "demo")
		self.folder, self.process = folder, None
		self.build()
		self.start()
		self.database = folder / SITE / "db.sqlite3"
		self.live = sqlite3.connect(self.database)

	def build(self) -> None:
		"""Make the site, or take the one that a run of today made from the same sources."""
		kept = BUILT / of_sources()
		if not kept.exists():
			self.make_site()
			shutil.rmtree(BUILT, ignore_errors=True)
			shutil.copytree(self.folder, kept)
		else:
			shutil.copytree(kept, self.folder, dirs_exist_ok=True)

	def make_site(self) -> None:
		(self.folder / SITE).mkdir()
		(self.folder / SITE / "site_config.json").write_text("{}")  # by which it is found in this folder
		self.host("--force", "new-site", "--admin-password", "admin", "--install-app", "crm_pipeline")
		self.host("crm-pipeline", "demo", "--count", str(OPPORTUNITIES))
		self.host("crm-pipeline", "demo-people", "--password", "demo")

	def command(self, *words: str) -> dict:
		"""Return how a command of the host is run, as arguments of `subprocess`."""
		return {
			"args": [sys.executable, "-m", "embedded", "--site", SITE, *words],
			"cwd": self.folder,
			"env": {**os.environ, "PYTHONPATH": str(ROOT)},
		}

	def host(self, *words: str) -> None:
		done = subprocess.run(**self.command(*words), capture_output=True, text=True)
		assert done.returncode == 0, done.stdout + done.stderr

	def start(self) -> None:
		"""Serve, and come back when it answers."""
		with (self.folder / "server.log").open("ab") as log:
			served = self.command("serve", "--port", str(self.port))
			self.process = subprocess.Popen(**served, stdout=log, stderr=log)
		end = time.monotonic() + PATIENCE
		while not self.answers():
			assert self.process.poll() is None and time.monotonic() < end, self.log()
			time.sleep(0.1)

	def answers(self) -> bool:
		try:
			with urlopen(f"{self.url}/api/method/ping", timeout=10) as answer:
				return answer.status == 200
		except (URLError, ConnectionError):
			return False

	def log(self) -> str:
		return (self.folder / "server.log").read_text()

	def kill(self) -> None:
		"""End it at once, with what it was doing; `start` brings it back under the same address."""
		workers = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True)
		for pid in (*workers.stdout.split(), self.process.pid):
			os.kill(int(pid), signal.SIGKILL)
		self.process.wait()

	def stop(self) -> None:
		self.live.close()
		self.process.terminate()
		self.process.wait()

	def keep(self) -> None:
		"""Take what the site has now for what `restore` goes back to."""
		with sqlite3.connect(self.folder / "kept.sqlite3") as kept:
			self.live.backup(kept)
		self.version = self.data_version()

	def restore(self) -> None:
		self.languages.clear()
		if self.version != self.data_version():
			with sqlite3.connect(self.folder / "kept.sqlite3") as kept:
				kept.backup(self.live)
			self.version = self.data_version()

	def make_many(self, rest: Rest, title: str, count: int, values: dict) -> None:
		name = rest.insert("Opportunity", title=title.format(0), **values)["name"]
		columns = [row[1] for row in self.live.execute("pragma table_info(`tabOpportunity`)")]
		copied = ", ".join(f"`{column}`" for column in columns if column not in ("name", "title"))
		statement = f"insert into `tabOpportunity` (name, title, {copied}) select ?, ?, {copied} from `tabOpportunity` where name = ?"
		rows = [(f"{name}-{number}", title.format(number), name) for number in range(1, count)]
		with self.live:
			self.live.executemany(statement, rows)

	def data_version(self) -> int:
		"""Return a number that changes when others write to the database."""
		return self.live.execute("pragma data_version").fetchone()[0]
