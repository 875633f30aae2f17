"""Commands that create and change a site and its apps."""

import click
import frappe
from frappe.commands import connected_site, get_site, pass_context


@click.command("new-site")
@click.option("--admin-password", default="admin", show_default=True)
@click.option("--install-app", "apps", multiple=True, help="App to install, may be given several times")
@pass_context
def new_site(context, admin_password, apps):
	"""Create the site given with --site; --force replaces one that exists."""
	from frappe.installer import new_site

	try:
		new_site(get_site(context), admin_password=admin_password, install_apps=apps, force=context.force)
	except FileExistsError as error:
		raise click.ClickException(str(error)) from None


@click.command("install-app")
@click.argument("apps", nargs=-1, required=True)
@pass_context
def install_app(context, apps):
	"""Install apps on a site."""
	from frappe.installer import install_app

	with connected_site(context):
		for app in apps:
			install_app(app, force=context.force)
		frappe.db.commit()


@click.command("uninstall-app")
@click.argument("app")
@click.option("--yes", "-y", is_flag=True, help="Do not ask")
@click.option("--dry-run", is_flag=True, help="Only list what would be removed")
@pass_context
def uninstall_app(context, app, yes, dry_run):
	"""Remove an app and all its data from a site."""
	from frappe.installer import remove_app

	if not (yes or dry_run):
		click.confirm(f"All DocTypes and data of {app} will be deleted. Continue?", abort=True)
	with connected_site(context):
		remove_app(app, dry_run=dry_run, yes=True, force=context.force)
		frappe.db.commit()


@click.command("list-apps")
@pass_context
def list_apps(context):
	"""List the apps installed on a site."""
	with connected_site(context):
		click.echo("\n".join(frappe.get_installed_apps()))


@click.command("migrate")
@pass_context
def migrate(context):
	"""Bring a site up to date with the files of its apps."""
	from frappe.migrate import SiteMigration

	SiteMigration().run(site=get_site(context))


commands = [new_site, install_app, uninstall_app, list_apps, migrate]
