"""The command line: commands of the host, then those that apps list in `APP/commands.py`."""

import importlib
import importlib.util

import click
import frappe

from embedded.commands import run, serve, site


class HostGroup(click.Group):
	"""Looks for a command in the apps when the host itself has none of that name."""

	def list_commands(self, ctx):
		return sorted({*super().list_commands(ctx), *app_commands()})

	def get_command(self, ctx, cmd_name):
		return super().get_command(ctx, cmd_name) or app_commands().get(cmd_name)


def app_commands() -> dict[str, click.Command]:
	commands = {}
	for app in frappe.get_all_apps():
		if app != "frappe" and importlib.util.find_spec(f"{app}.commands"):
			module = importlib.import_module(f"{app}.commands")
			commands |= {command.name: command for command in module.commands}
	return commands


@click.group(cls=HostGroup)
@click.option("--site", envvar="FRAPPE_SITE", help="Site to work on")
@click.option("--force", is_flag=True)
@click.option("--verbose", is_flag=True)
@click.pass_context
def cli(ctx, site, force, verbose):
	"""Run the embedded host as bench runs Frappe."""
	ctx.obj = {"sites": [site] if site else [], "force": force, "verbose": verbose, "profile": False}


for command in (*site.commands, *run.commands, *serve.commands):
	cli.add_command(command)
