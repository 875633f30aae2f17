"""The command line: commands of the host, then those that apps list in `APP/commands.py`."""

import ast
import importlib
import importlib.util
import json
import sys
from typing import Any

import click
import frappe
from frappe.commands import connected_site, get_site, pass_context
from frappe.runtime.missing import missing
from frappe.types import _dict

COPY = "Copy the folder of the site while nothing serves it or works on it, and put it back likewise."
OF_A_BENCH = {"backup": COPY, "restore": COPY}  # what else to do


class Commands(click.Group):
	"""The commands, which say of those that keep what people have entered that this host does not have them."""

	def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple:
		"""Find a command.

		Raises:
			click.UsageError: there is none, or a bench alone has it.
		"""
		if args[0] in OF_A_BENCH:
			ctx.fail(f"{missing(f'The command {args[0]}')}. {OF_A_BENCH[args[0]]}")
		return super().resolve_command(ctx, args)


@click.group(cls=Commands)
@click.option("--site", envvar="FRAPPE_SITE", help="Site to work on")
@click.option("--force", is_flag=True)
@click.pass_context
def cli(ctx: click.Context, site: str, force: bool) -> None:
	"""Run the embedded host as bench runs Frappe."""
	ctx.obj = {"sites": [site] if site else [], "force": force, "verbose": False, "profile": False}


@cli.command("new-site")
@click.option("--admin-password", default="admin", show_default=True)
@click.option("--install-app", "apps", multiple=True, help="App to install, may be given several times")
@pass_context
def new_site(context: _dict, admin_password: str, apps: tuple[str, ...]) -> None:
	"""Create the site given with --site; --force replaces one that exists."""
	from frappe.installer import new_site

	try:
		new_site(get_site(context), admin_password=admin_password, install_apps=apps, force=context.force)
	except FileExistsError as error:
		raise click.ClickException(str(error)) from None


@cli.command("install-app")
@click.argument("apps", nargs=-1, required=True)
@pass_context
def install_app(context: _dict, apps: tuple[str, ...]) -> None:
	"""Install apps on a site."""
	from frappe.installer import install_app

	with connected_site(context):
		for app in apps:
			install_app(app, force=context.force)
		frappe.db.commit()


@cli.command("uninstall-app")
@click.argument("app")
@click.confirmation_option(
	"--yes", "-y", prompt="All DocTypes and data of the app will be deleted. Continue?"
)
@pass_context
def uninstall_app(context: _dict, app: str) -> None:
	"""Remove an app and all its data from a site."""
	from frappe.installer import remove_app

	with connected_site(context):
		remove_app(app, force=context.force)
		frappe.db.commit()


@cli.command("migrate")
@pass_context
def migrate(context: _dict) -> None:
	"""Bring a site up to date with the files of its apps."""
	from frappe.migrate import SiteMigration

	SiteMigration().run(site=get_site(context))


@cli.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--scheduler", is_flag=True, help="Also run the scheduled functions when they are due")
@pass_context
def serve(context: _dict, host: str, port: int, scheduler: bool) -> None:
	"""Serve the site over HTTP until interrupted."""
	from embedded.server import PortTaken, Server

	with connected_site(context):
		pass  # says that there is none
	try:
		Server(get_site(context), host, port, scheduler).run()
	except PortTaken as refusal:
		raise click.ClickException(str(refusal)) from None


@cli.command("free-port")
@click.argument("port", type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
def free_port(port: int, host: str) -> None:
	"""Fail, naming another, if something listens on a port already."""
	from embedded.server import PortTaken, refuse_taken

	try:
		refuse_taken(host, port)
	except PortTaken as refusal:
		raise click.ClickException(str(refusal)) from None


@cli.command("execute")
@click.argument("method")
@click.option("--args", default="[]", help="Positional arguments, as a Python list")
@click.option("--kwargs", default="{}", help="Keyword arguments, as a Python dict")
@pass_context
def execute(context: _dict, method: str, args: Any, kwargs: Any) -> None:
	"""Call a function by its dotted path, commit, and print what it returns as JSON."""
	from frappe.utils.response import json_handler

	with connected_site(context):
		result = frappe.get_attr(method)(*ast.literal_eval(args), **ast.literal_eval(kwargs))
		frappe.db.commit()
		if result:
			click.echo(json.dumps(result, default=json_handler))


@cli.command("data-import")
@click.option("--file", "file_path", type=click.Path(exists=True, dir_okay=False), required=True)
@click.option("--doctype", required=True)
@click.option("--type", "import_type", type=click.Choice(["Insert"], case_sensitive=False), default="Insert")
@pass_context
def data_import(context: _dict, file_path: str, doctype: str, import_type: str) -> None:
	"""Insert the records of a CSV file into a DocType."""
	from frappe.core.doctype.data_import.data_import import import_file

	with connected_site(context):
		import_file(doctype, file_path, import_type, console=True)


@cli.command("trigger-scheduler-event")
@click.argument("event")
@pass_context
def trigger_scheduler_event(context: _dict, event: str) -> None:
	"""Run a scheduled function now, by its dotted path."""
	from frappe.utils.scheduler import get_jobs, run_job

	with connected_site(context):
		if event not in dict(get_jobs()):
			raise click.ClickException(f"Event {event} does not exist!")
		if not run_job(event):
			sys.exit(1)


for app in frappe.get_all_apps():
	if app != "frappe" and importlib.util.find_spec(f"{app}.commands"):
		for command in importlib.import_module(f"{app}.commands").commands:
			cli.add_command(command)
