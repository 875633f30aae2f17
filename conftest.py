"""One suite, any host: a site of a bench where a real Frappe can be imported, else the embedded host.

On a bench the environment names the site: FRAPPE_SITE, and FRAPPE_SITES for the folder it lies in.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest

from embedded import activate

EMBEDDED = activate()
MOST_SHOWN = 100
PAGE_TESTS = Path(__file__).resolve().parent / "crm_pipeline" / "tests" / "page"

collect_ignore = [] if EMBEDDED else ["embedded", "benchmarks"]  # tests of the host itself, and on it

import frappe  # noqa: E402 (the host is chosen above)

# How long an example takes says more of the machine than of what is tested.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
	config.addinivalue_line(
		"markers", "bench_only(reason): needs what no server-side host has; runs on a bench"
	)
	config.addinivalue_line("markers", "browser: needs a browser; leave it out with -m 'not browser'")
	config.addinivalue_line("markers", "page: looks at a page in a browser; `make test-browser` runs these")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
	"""Leave out the tests of the page, which need a browser and a server, unless their folder is named."""
	if collection_path.resolve() != PAGE_TESTS:
		return None
	named = (Path(config.invocation_params.dir, arg.partition("::")[0]).resolve() for arg in config.args)
	return None if any(path.is_relative_to(PAGE_TESTS) for path in named) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	for item in items:
		marker = item.get_closest_marker("bench_only")
		if EMBEDDED and marker:
			item.add_marker(pytest.mark.skip(reason=marker.args[0]))


@pytest.fixture(scope="session", autouse=True)
def site() -> Iterator[None]:
	"""A connected site with the app installed; on the embedded host a new one, thrown away afterwards."""
	if not EMBEDDED:
		with connected(os.environ["FRAPPE_SITE"], os.environ["FRAPPE_SITES"]), unchanged():
			yield
		return
	from frappe.installer import install_app, new_site

	with tempfile.TemporaryDirectory() as sites:
		new_site("test.localhost", sites_path=sites, admin_password="admin")
		with connected("test.localhost", sites):
			install_app("crm_pipeline")
			frappe.db.commit()
			yield


@contextmanager
def unchanged() -> Iterator[None]:
	"""Fail, naming the tables and rows, if the tests leave committed records or errors behind on a bench."""
	from crm_pipeline.tests import tables

	tables.make_records_of_frappes_tests()
	tables.forget_defaults_of_nobody()
	before = tables.records()
	yield
	frappe.db.rollback()
	tables.forget_what_frappe_notes(before)
	left = tables.differences(before, tables.records())
	if all(tables.is_of_series(line) for line in left):
		tables.put_back_series(before)
	else:
		shown = "\n".join(left[:MOST_SHOWN])
		pytest.fail(f"{len(left)} rows of the site are not as they were:\n{shown}", pytrace=False)


class connected:
	"""A connection to a site as Administrator, in test mode."""

	def __init__(self, site: str, sites_path: str) -> None:
		self.site, self.sites_path = site, sites_path

	def __enter__(self) -> None:
		os.chdir(self.sites_path)
		frappe.init(self.site, sites_path=self.sites_path)
		frappe.connect()
		frappe.set_user("Administrator")
		from crm_pipeline.tests.mode import toggle_test_mode

		toggle_test_mode(True)
		frappe.flags.mute_emails = True

	def __exit__(self, *error: object) -> None:
		frappe.db.rollback()
		frappe.destroy()
