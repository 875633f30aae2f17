"""Fifty people at work on a site of a bench: how fast they are served, and whether all that was said to be done is there.

`python -m benchmarks.load --site NAME --bench PATH [--seconds 120] [--kill web,queue]`, on a site that may be filled.
It serves the site itself, with gunicorn and workers of the queue; redis and the database must be up. Where the app is
not installed and ERPNext is, the people do the same work with ERPNext. Needs `locust` (a program, of whichever Python) and
psutil, which Frappe has.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.host import connected, prepare
from benchmarks.untrue import untrue

APP = "crm_pipeline"
NEEDED = {
	"database": ("database_pid", "database_start"),
	"redis": ("redis_pid", "redis_start"),
	"disk": ("disk", "database_start"),
}


def main() -> int:
	"""Run, print, and return 0 if nothing was lost and everything still agrees."""
	options = read_options()
	prepare(options.bench.resolve(), "benchmarks.load")
	import frappe

	from benchmarks.load import ledger, outcome, people, servers

	with tempfile.TemporaryDirectory() as folder:
		files = {name: Path(folder) / name for name in ("LOAD_PEOPLE", "LOAD_LEDGER", "LOAD_STATISTICS")}
		with connected(options.site):
			ours = APP in frappe.get_installed_apps()
			files["LOAD_PEOPLE"].write_text(json.dumps(people.meet(options.people)))
		with servers.Servers(
			Path.cwd().parent, options.site, options.port, options.web, options.queue
		) as served:
			killer = servers.Killer(kills(options, served), options.every)
			killer.start()
			try:
				who = "Pipeline" if ours else "Rival"
				servers.run_locust(options.locust, who, files, options.port, options.people, options.seconds)
			finally:
				killer.stop()
		print(outcome.HEAD, *outcome.rows(files["LOAD_STATISTICS"]), sep="\n")
		for told in (outcome.failures, outcome.mistakes):
			print(*told(files["LOAD_STATISTICS"]), sep="\n")
		print("killed:", dict(killer.killed) or "nothing")
		with connected(options.site):
			print("acknowledged:", dict(ledger.acknowledged(files["LOAD_LEDGER"])))
			lost = ledger.unaccounted(files["LOAD_LEDGER"])
			broken = untrue() if ours else []
	print(f"lost or twice: {len(lost)}", *lost[:20], sep="\n")
	print(f"untrue: {len(broken)}", *broken[:20], sep="\n")
	return 1 if lost or broken else 0


def read_options() -> argparse.Namespace:
	parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", type=Path, required=True)
	parser.add_argument("--locust", default="locust", help="the program")
	parser.add_argument("--people", type=int, default=50)
	parser.add_argument("--seconds", type=int, default=120)
	parser.add_argument("--port", type=int, default=8990)
	parser.add_argument("--web", type=int, default=4, help="processes of gunicorn, each with four threads")
	parser.add_argument("--queue", type=int, default=2, help="workers of the queue")
	parser.add_argument("--kill", default="", help="what fails in turns: web, queue, database, redis, disk")
	parser.add_argument("--every", type=float, default=10, help="seconds from one kill to the next")
	parser.add_argument("--database-pid", type=Path, help="file with the database server's process id")
	parser.add_argument(
		"--database-start", help="command that starts it unless it runs, and ends once it is up"
	)
	parser.add_argument("--redis-pid", type=Path, help="file with the process id of a Redis")
	parser.add_argument("--redis-start", help="command that starts it again, and ends once it is up")
	parser.add_argument("--disk", type=Path, help="folder on the database's file system, which is small")
	parser.add_argument("--away", type=float, default=5, help="seconds without Redis, or with a full disk")
	options = parser.parse_args()
	for name, needs in NEEDED.items():
		if name in options.kill and not all(getattr(options, need) for need in needs):
			said = " and ".join(f"--{need.replace('_', '-')}" for need in needs)
			parser.error(f"for {name} to fail, say {said}")
	return options


def kills(options: argparse.Namespace, served) -> dict:
	from benchmarks.load.servers import Disk, Service

	known = {"web": served.kill_web, "queue": served.kill_queue}
	if options.database_pid:
		known["database"] = Service(options.database_pid, options.database_start).kill
	if options.redis_pid:
		known["redis"] = Service(options.redis_pid, options.redis_start, options.away).kill
	if options.disk:
		known["disk"] = Disk(options.disk, options.away, options.database_start).fill
	return {name: known[name] for name in filter(None, options.kill.split(","))}


if __name__ == "__main__":
	sys.exit(main())
