"""`crm-pipeline demo` and `crm-pipeline demo-people`"""

from collections.abc import Callable, Iterator

import click
import frappe
from frappe.commands import pass_context

from crm_pipeline.commands.site import Context, on_site, only_site_of


@click.command("demo")
@click.option("--remove", is_flag=True, help="Take the demo's records away again")
@click.option("--count", type=click.IntRange(1, 5000), help="Opportunities to make (300)")
@pass_context
def demo(context: Context, remove: bool, count: int | None) -> None:
	"""Fill the site with two years of a believable pipeline, to try things out."""
	with on_site(only_site_of(context)):
		remove_demo() if remove else build_demo(count)


def build_demo(count: int | None) -> None:
	from crm_pipeline.demo.build import COUNT, build
	from crm_pipeline.exceptions import DemoPresent

	try:
		made = build(count or COUNT, with_bar("Building the demo"))
	except DemoPresent as refusal:
		click.echo(str(refusal))
		return
	click.echo(f"{made} records made. Take them away with: crm-pipeline demo --remove")


def remove_demo() -> None:
	from crm_pipeline.demo.remove import remove

	known = frappe.db.count("Demo Record")
	left = remove(with_bar("Removing the demo"))
	click.echo(f"{known - len(left)} records removed.")
	for doctype, name, reason in left:
		click.echo(f"Left: {doctype} {name}: {reason}")


@click.command("demo-people")
@click.option("--password", help="Let them sign in with it")
@pass_context
def demo_people(context: Context, password: str | None) -> None:
	"""Say who the demo's people are. Nobody can sign in as one of them before they are given a password."""
	from crm_pipeline.demo.colleagues import colleagues, let_in

	with on_site(only_site_of(context)):
		people = colleagues()
		if password:
			let_in(people, password)
		for person in people:
			click.echo(f"  {person.user:<30}{person.full_name}, {person.role}")
		if not people:
			click.echo("The demo is not on this site.")


def with_bar(label: str) -> Callable[[list], Iterator]:
	"""Return a wrapper for lists that shows how far they are worked through."""

	def wrapped(items: list) -> Iterator:
		with click.progressbar(items, label=label) as bar:
			yield from bar

	return wrapped
