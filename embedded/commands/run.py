"""Commands that do something within a site."""

import ast
import json
import sys
from operator import attrgetter

import click
import frappe
from frappe.commands import connected_site, pass_context


@click.command("execute")
@click.argument("method")
@click.option("--args", help="Positional arguments, as a Python or JSON list")
@click.option("--kwargs", help="Keyword arguments, as a Python or JSON dict")
@pass_context
def execute(context, method, args=None, kwargs=None):
	"""Call a function by its dotted path, commit, and print what it returns as JSON."""
	from frappe.utils.response import json_handler

	with connected_site(context):
		positional = _as_list(ast.literal_eval(args)) if args else []
		result = _resolve(method)(*positional, **(ast.literal_eval(kwargs) if kwargs else {}))
		frappe.db.commit()
		if result:
			click.echo(json.dumps(result, default=json_handler))


def _resolve(method):
	"""Return the function at a dotted path, also a method of an object there, such as `frappe.db.get_value`."""
	try:
		return frappe.get_attr(method)
	except ModuleNotFoundError:
		package, _dot, path = method.partition(".")
		return attrgetter(path)(frappe.get_module(package))


def _as_list(value) -> list:
	return list(value) if isinstance(value, list | tuple) else [value]


@click.command("data-import")
@click.option(
	"--file", "file_path", type=click.Path(exists=True, dir_okay=False, resolve_path=True), required=True
)
@click.option("--doctype", required=True)
@click.option(
	"--type", "import_type", type=click.Choice(["Insert", "Update"], case_sensitive=False), default="Insert"
)
@click.option("--submit-after-import", is_flag=True)
@click.option("--mute-emails", is_flag=True, default=True)
@pass_context
def data_import(context, file_path, doctype, import_type, submit_after_import, mute_emails):
	"""Import a CSV file into a DocType."""
	from frappe.core.doctype.data_import.data_import import import_file

	with connected_site(context):
		frappe.flags.mute_emails = mute_emails
		import_file(doctype, file_path, import_type, submit_after_import, console=True)


@click.command("trigger-scheduler-event")
@click.argument("event")
@pass_context
def trigger_scheduler_event(context, event):
	"""Run a scheduled function now, by its dotted path."""
	from frappe.utils.scheduler import get_jobs, run_job

	with connected_site(context):
		if event not in {job.method for job in get_jobs()}:
			click.secho(f"Event {event} does not exist!", fg="red")
			sys.exit(1)
		if not run_job(event):
			sys.exit(1)


@click.command("schedule")
@pass_context
def schedule(context):
	"""Run the scheduled functions that are due now, once."""
	from frappe.utils.scheduler import run_due_jobs

	with connected_site(context):
		for method in run_due_jobs():
			click.echo(method)


@click.command("set-config")
@click.argument("key")
@click.argument("value")
@click.option("--parse", "-p", is_flag=True, help="Read the value as a Python literal")
@pass_context
def set_config(context, key, value, parse):
	"""Write a key into the site's site_config.json."""
	from frappe.installer import update_site_config

	with connected_site(context):
		update_site_config(key, ast.literal_eval(value) if parse else value)


@click.command("clear-cache")
@pass_context
def clear_cache(context):
	"""Forget what is cached. A running server has its own cache: restart it."""
	with connected_site(context):
		frappe.clear_cache()


@click.command("run-tests")
def run_tests():
	"""Refuse: the suite runs with pytest here."""
	raise click.UsageError("Run the suite of the embedded host with pytest (or make test).")


commands = [
	execute,
	data_import,
	trigger_scheduler_event,
	schedule,
	set_config,
	clear_cache,
	run_tests,
]
