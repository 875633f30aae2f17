"""What the click commands of apps import: `pass_context` and `get_site`."""

import sys
from contextlib import contextmanager
from functools import wraps

import click
import frappe


def pass_context(function):
	"""Decorator: pass `--site` and the other global options, as a dict, to a click command first."""

	@wraps(function)
	def wrapper(ctx, *args, **kwargs):
		try:
			return function(frappe._dict(ctx.obj), *args, **kwargs)
		except frappe.SiteNotSpecifiedError:
			click.secho("Please specify --site sitename", fg="yellow")
		except frappe.IncorrectSitePath:
			click.secho(f"Site {ctx.obj['sites'][0]} does not exist!", fg="yellow")
		sys.exit(1)

	return click.pass_context(wrapper)


def get_site(context):
	"""Return the site given with `--site`. Raises SiteNotSpecifiedError without one."""
	if not context.sites:
		raise frappe.SiteNotSpecifiedError
	return context.sites[0]


@contextmanager
def connected_site(context):
	"""Open the site of a command as Administrator, and close it whatever happens."""
	frappe.init(site=get_site(context))
	frappe.connect()
	try:
		yield
	finally:
		frappe.destroy()
