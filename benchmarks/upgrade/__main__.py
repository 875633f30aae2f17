"""`python -m benchmarks.upgrade [--bench PATH --site NAME] [--from REF | --old-app PATH] [--new-app PATH]`.

The site of a bench is one to throw away, without the app; the program installs the old app there, makes demo data,
migrates, looks at everything and uninstalls it again. On the embedded host it makes a site of its own.
"""

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.host import ROOT
from benchmarks.upgrade.compare import differences, lacking
from benchmarks.upgrade.hosts import Bench, Embedded, Failed, Host

FIRST = "0f7abe6"  # the earliest state whose sites are promised to go on


def main() -> int:
	"""Upgrade, print what is wrong, and return 0 if nothing is."""
	parser = argparse.ArgumentParser(prog="python -m benchmarks.upgrade", description=__doc__)
	parser.add_argument("--bench", type=Path, help="bench the site is on; without it, the embedded host")
	parser.add_argument("--site", default="upgrade.localhost", help="site to throw away, without the app")
	parser.add_argument("--from", dest="ref", default=FIRST, help=f"commit of the old app ({FIRST})")
	parser.add_argument("--old-app", type=Path, help="checkout of the old app, instead of a commit")
	parser.add_argument("--new-app", type=Path, default=ROOT, help="checkout of the new app (this one)")
	parser.add_argument("--count", type=int, default=100, help="opportunities of the demo (100)")
	options = parser.parse_args()
	with checkout(options.old_app, options.ref) as old_app, tempfile.TemporaryDirectory() as notes:
		if options.bench:
			host = Bench(options.bench.resolve(), options.site, Path(notes))
		else:
			host = Embedded(old_app / "sites", options.site, Path(notes))
		try:
			problems = upgrade(host, old_app, options.new_app.resolve(), options.count)
		except Failed as failure:
			problems = [str(failure)]
	print(*problems or ["Nothing is lost: the site works as before."], sep="\n")
	return 1 if problems else 0


@contextmanager
def checkout(given: Path | None, ref: str) -> Iterator[Path]:
	"""Yield the folder of the old app: the one given, or the files of a commit of this repository."""
	if given:
		yield given.resolve()
		return
	archive = subprocess.run(["git", "archive", ref], cwd=ROOT, check=True, capture_output=True).stdout
	with tempfile.TemporaryDirectory() as folder:
		with tarfile.open(fileobj=io.BytesIO(archive)) as files:
			files.extractall(folder)
		yield Path(folder)


def upgrade(host: Host, old_app: Path, new_app: Path, count: int) -> list[str]:
	"""Walk the whole way, and return what is wrong."""
	host.use(old_app)
	host.prepare()
	host.command("install-app", "crm_pipeline")
	host.command("crm-pipeline", "demo", "--count", str(count))
	host.on_site("live", {"customizes": host.customizes})
	before = {**host.on_site("note"), **host.on_site("answered")}

	host.use(new_app)
	host.command("migrate")
	after = {**host.on_site("note"), **host.on_site("answered")}
	problems = differences(before, after) + host.on_site("answers", before)["problems"]
	for check in ("checked", "jobs", "walk", "checked"):
		problems += host.on_site(check)["problems"]

	host.uninstall()
	problems += host.on_site("leftovers")["problems"]
	host.command("install-app", "crm_pipeline")
	problems += lacking(after, host.on_site("note"))
	host.uninstall()
	return problems


if __name__ == "__main__":
	sys.exit(main())
