"""The app's own commands, for bench and for the embedded host alike."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import frappe
from frappe.commands import get_site, pass_context

ALL = 1_000_000  # users


@click.group("crm-pipeline")
def crm_pipeline():
	"""Commands of CRM Pipeline."""


@crm_pipeline.command("demo")
@click.option("--remove", is_flag=True, help="Take the demo's records away again")
@click.option("--count", type=click.IntRange(1, 5000), help="Opportunities to make (300)")
@pass_context
def demo(context, remove: bool, count: int | None):
	"""Fill the site with two years of a believable pipeline, to try things out."""
	with on_site(context):
		remove_demo() if remove else build_demo(count)


@crm_pipeline.command("auto-close")
@click.option("--dry-run", is_flag=True, help="Only say what would be closed, and why")
@pass_context
def auto_close(context, dry_run: bool):
	"""Close the opportunities on which nobody spoke for long, as the scheduler does every night."""
	with on_site(context):
		show_what_is_due() if dry_run else close_what_is_due()


@crm_pipeline.command("remind")
@click.option("--dry-run", is_flag=True, help="Only say who would be reminded of what")
@pass_context
def remind(context, dry_run: bool):
	"""Notify and mail users whose next contacts are due, as the scheduler does every quarter of an hour."""
	with on_site(context):
		show_reminders() if dry_run else send_reminders()


@crm_pipeline.command("digest")
@click.option("--dry-run", is_flag=True, help="Only say who would get the mail, and with how much in it")
@pass_context
def digest(context, dry_run: bool):
	"""Mail everybody the missed next contacts and those of today, as the scheduler does every morning."""
	with on_site(context):
		show_digest() if dry_run else send_digest()


def show_reminders() -> None:
	from crm_pipeline.follow_ups.reminders import due_of, users_due

	for user in users_due("", ALL):
		click.echo(f"{user}: {', '.join(sorted(due_of(user)))}")


def send_reminders() -> None:
	from crm_pipeline.tasks import send_follow_up_reminders

	click.echo(f"{send_follow_up_reminders()} users reminded.")


def show_digest() -> None:
	from crm_pipeline.follow_ups.digest import due_of, users_to_tell, will_get

	for user in filter(will_get, users_to_tell("", ALL)):
		missed, today = due_of(user)
		if missed or today:
			click.echo(f"{user}: {len(missed)} overdue, {len(today)} today")


def send_digest() -> None:
	from crm_pipeline.tasks import send_follow_up_digest

	click.echo(f"{send_follow_up_digest()} users mailed.")


def show_what_is_due() -> None:
	from crm_pipeline.api.auto_close import MOST_ROWS, preview_auto_close

	start = 0
	while rows := preview_auto_close(start=start, limit=MOST_ROWS)["rows"]:
		for row in rows:
			click.echo(f"{row.result}: {row.name} {row.title}: {row.why}")
		start += len(rows)
	click.echo(f"{start} opportunities are due.")


def close_what_is_due() -> None:
	from frappe.utils import getdate

	from crm_pipeline.auto_close.preview import count_due
	from crm_pipeline.tasks import auto_close_opportunities

	with click.progressbar(length=count_due(getdate()), label="Closing") as bar:
		batches = auto_close_opportunities(bar.update)
	frappe.db.commit()
	for batch in batches:
		counts = frappe.db.get_value("Auto Close Batch", batch, ["closed", "passed_over"])
		click.echo("{}: {} closed, {} passed over".format(batch, *counts))
	if not batches:
		click.echo("Nothing was due, or another run is under way.")


def build_demo(count: int | None) -> None:
	from crm_pipeline.demo.build import COUNT, build
	from crm_pipeline.exceptions import DemoPresent

	try:
		made = build(count or COUNT, with_bar("Building the demo"))
	except DemoPresent as refusal:
		click.echo(str(refusal))
		return
	frappe.db.commit()
	click.echo(f"{made} records made. Take them away with: crm-pipeline demo --remove")


def remove_demo() -> None:
	from crm_pipeline.demo.remove import remove

	known = frappe.db.count("Demo Record")
	left = remove(with_bar("Removing the demo"))
	frappe.db.commit()
	click.echo(f"{known - len(left)} records removed.")
	for doctype, name, reason in left:
		click.echo(f"Left: {doctype} {name}: {reason}")


def with_bar(label: str):
	"""A wrapper for lists that shows how far they are worked through."""

	def wrapped(items: list) -> Iterator:
		with click.progressbar(items, label=label) as bar:
			yield from bar

	return wrapped


@contextmanager
def on_site(context) -> Iterator[None]:
	"""The site given with `--site`, connected as Administrator."""
	frappe.init(site=get_site(context))
	frappe.connect()
	try:
		yield
	finally:
		frappe.destroy()


commands = [crm_pipeline]
