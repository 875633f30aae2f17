"""The sites that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click
import frappe
from frappe.commands import get_site
from frappe.utils import strip_html


class Context(Protocol):
	"""What bench hands to each command."""

	sites: list[str]


def sites_of(context: Context) -> Iterator[str]:
	"""Yield the sites given with `--site`, one after the other; several are named, each before its turn."""
	sites = context.sites or [get_site(context)]  # which says that none is given
	for site in sites:
		if len(sites) > 1:
			click.echo(f"{site}:")
		yield site


def only_site_of(context: Context) -> str:
	"""Return the site given with `--site`, for what nobody means to do on several at once.

	Raises:
		click.UsageError: several are given.
	"""
	if len(context.sites or ()) > 1:
		raise click.UsageError("This is done on one site at a time. Give its name with --site.")
	return get_site(context)


@contextmanager
def on_site(site: str) -> Iterator[None]:
	"""Yield a site, connected as Administrator. What the block leaves uncommitted is committed.

	Raises:
		click.ClickException: the app refused something, which leaves no more than its words, or somebody held
			what was needed.
	"""
	from crm_pipeline.utils.batches import LOCKED

	frappe.init(site=site)
	frappe.connect()
	try:
		yield
		# No request ends here that would commit.
		frappe.db.commit()  # nosemgrep: frappe-manual-commit
	except frappe.ValidationError as refusal:
		raise click.ClickException(strip_html(str(refusal))) from None
	except LOCKED:
		message = "The database is busy. Run it again; it goes on where it stopped."
		raise click.ClickException(message) from None
	finally:
		frappe.destroy()
