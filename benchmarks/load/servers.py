"""The processes of a bench that serve a site, and what kills them in the middle."""

import errno
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil

STARTED_WITHIN = 60  # seconds
PORTION = 1 << 20  # bytes that are written at once to fill a disk; fewer where fewer fit
WORKER = ("-m", "frappe.utils.bench_helper", "frappe", "worker", "--queue", "short,default,long")


class Servers:
	"""Gunicorn and workers of the queue, until they are left; a worker that dies is started again."""

	def __init__(self, bench: Path, site: str, port: int, web: int, queue: int):
		self.bench, self.site, self.port, self.web, self.queue = bench, site, port, web, queue

	def __enter__(self) -> "Servers":
		python = sys.executable
		self.master = self.start(
			python, "-m", "gunicorn", "frappe.app:application", "-b", f"127.0.0.1:{self.port}",
			"-w", str(self.web), "--threads", "4", "--worker-class", "gthread", "--timeout", "120",
			"--graceful-timeout", "5",
		)  # fmt: skip
		self.workers = [self.start(python, *WORKER) for _number in range(self.queue)]
		wait_for(self.port)
		return self

	def __exit__(self, *_raised) -> None:
		for process in (self.master, *self.workers):
			process.terminate()
		for process in (self.master, *self.workers):
			process.wait()

	def start(self, *words: str) -> subprocess.Popen:
		log = (self.bench / "logs" / "load.log").open("a")
		return subprocess.Popen(words, cwd=self.bench / "sites", stdout=log, stderr=log)

	def kill_web(self) -> None:
		"""Kill one of gunicorn's processes; gunicorn starts another."""
		if children := psutil.Process(self.master.pid).children():
			random.choice(children).send_signal(signal.SIGKILL)

	def kill_queue(self) -> None:
		"""Kill a worker of the queue with the job it runs, and start another."""
		number = random.randrange(len(self.workers))
		for child in psutil.Process(self.workers[number].pid).children(recursive=True):
			child.send_signal(signal.SIGKILL)
		self.workers[number].kill()
		self.workers[number].wait()
		self.workers[number] = self.start(sys.executable, *WORKER)


class Service:
	"""A server of its own process that the site needs, which may be killed: the database, Redis."""

	def __init__(self, pid_file: Path, start: str, away: float = 0):
		self.pid_file, self.command, self.away = pid_file, start, away

	def kill(self) -> None:
		"""Kill it, and start it again once it is gone and was away for so many seconds."""
		process = psutil.Process(int(self.pid_file.read_text()))
		process.send_signal(signal.SIGKILL)
		process.wait()
		time.sleep(self.away)
		subprocess.run(self.command, shell=True, check=True, stdout=subprocess.DEVNULL)


class Disk:
	"""A small file system, on which the site's database lies."""

	def __init__(self, folder: Path, seconds: float, start_database: str):
		self.ballast, self.seconds, self.command = folder / "ballast", seconds, start_database

	def fill(self) -> None:
		"""Take all the space that is left, and what comes free, for so many seconds; start the database then, if it gave up."""
		end = time.monotonic() + self.seconds
		try:
			with self.ballast.open("wb", buffering=0) as file:
				while time.monotonic() < end:
					try:
						file.write(bytes(PORTION))
					except OSError as error:
						if error.errno != errno.ENOSPC:
							raise
						time.sleep(0.05)
		finally:
			self.ballast.unlink(missing_ok=True)
		subprocess.run(self.command, shell=True, check=True, stdout=subprocess.DEVNULL)


class Killer(threading.Thread):
	"""Kills one thing after another, in turns, until it is told to stop."""

	def __init__(self, kills: dict[str, Callable[[], None]], every: float):
		super().__init__(daemon=True)
		self.kills, self.every, self.killed, self.ended = kills, every, Counter(), threading.Event()

	def run(self) -> None:
		while self.kills:
			for name, kill in self.kills.items():
				if self.ended.wait(self.every):
					return
				kill()
				self.killed[name] += 1

	def stop(self) -> None:
		self.ended.set()
		self.join()


def wait_for(port: int) -> None:
	"""Wait until somebody answers there.

	Raises:
		TimeoutError
	"""
	end = time.monotonic() + STARTED_WITHIN
	while time.monotonic() < end:
		with socket.socket() as link:
			if link.connect_ex(("127.0.0.1", port)) == 0:
				return
		time.sleep(0.2)
	raise TimeoutError(f"nothing answers at port {port}; see logs/load.log of the bench")


def run_locust(program: str, who: str, files: dict[str, Path], port: int, people: int, seconds: int) -> None:
	"""Let that many people of `day.py` work for so long."""
	environment = {**os.environ, **{name: str(path) for name, path in files.items()}}
	environment.pop("PYTHONPATH", None)  # its own Python
	words = [program, "-f", str(Path(__file__).parent / "day.py"), "--headless", "--only-summary"]
	words += ["-u", str(people), "-r", "10", "-t", f"{seconds}s", "-H", f"http://127.0.0.1:{port}"]
	words += [
		"--csv",
		str(files["LOAD_STATISTICS"]),
		"--stop-timeout",
		"60",
		"--exit-code-on-error",
		"0",
		who,
	]
	subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
