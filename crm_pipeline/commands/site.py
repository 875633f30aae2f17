"""The site that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import frappe
from frappe.commands import get_site
from frappe.utils import strip_html


@contextmanager
def on_site(context) -> Iterator[None]:
	"""The site given with `--site`, connected as Administrator. What the block leaves uncommitted is committed.

	Raises:
		click.ClickException: the app refused something, which leaves no more than its words.
	"""
	frappe.init(site=get_site(context))
	frappe.connect()
	try:
		yield
		frappe.db.commit()
	except frappe.ValidationError as refusal:
		raise click.ClickException(strip_html(str(refusal))) from None
	finally:
		frappe.destroy()
