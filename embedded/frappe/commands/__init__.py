"""What the click commands of apps import: `pass_context` and `get_site`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click
import frappe
from frappe.types import _dict


def pass_context(function: Callable) -> Callable:
	"""Decorator: pass `--site` and the other global options, as a dict, to a click command first."""

	@wraps(function)
	def wrapper(ctx: click.Context, *args: Any, **kwargs: Any) -> Any:
		try:
			return function(frappe._dict(ctx.obj), *args, **kwargs)
		except frappe.IncorrectSitePath:
			raise click.ClickException(f"Site {ctx.obj['sites'][0]} does not exist!") from None

	return click.pass_context(wrapper)


def get_site(context: Any) -> str:
	"""Return the site given with `--site`."""
	if not context.sites:
		raise click.UsageError("Please specify --site sitename")
	return context.sites[0]


@contextmanager
def connected_site(context: _dict) -> Iterator[None]:
	"""Open the site of a command as Administrator, and close it whatever happens."""
	frappe.init(site=get_site(context))
	frappe.connect()
	try:
		yield
	finally:
		frappe.destroy()
