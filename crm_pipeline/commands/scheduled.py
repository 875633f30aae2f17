"""The tasks of the scheduler as commands: with `--dry-run` they say what they would do, else how far they are."""

from typing import TYPE_CHECKING

import click
from frappe.commands import pass_context

from crm_pipeline.commands.site import Context, on_site, sites_of

if TYPE_CHECKING:
	from crm_pipeline.commands.jobs import Job

TASKS = {
	"auto-close": "Close the opportunities without contact for long, and warn of the next ones.",
	"wake": "Resume the opportunities whose pause is over, and give their owners a task.",
	"expire": "Mark quotations past their last valid day as expired; their opportunities follow.",
	"revalue": "Bring open opportunities up to the exchange rates of today.",
	"remind": "Notify and mail users whose next contacts are due.",
	"digest": "Mail everybody the missed next contacts and those of today.",
	"reassign": "Let the assignment rules reassign what disabled users still own.",
	"restore-events": "Restore the calendar entries of next contacts that somebody deleted.",
	"retry-mails": "Try again what failed with mails that came in, without waiting for the next try.",
}


def by_hand(name: str, does: str) -> click.Command:
	"""Return the command `crm-pipeline NAME [--dry-run]` of a task, and its help."""

	@click.command(name, help=does)
	@click.option("--dry-run", is_flag=True, help="Only say what would be done")
	@pass_context
	def command(context: Context, dry_run: bool) -> None:
		from crm_pipeline.commands.jobs import JOBS

		for site in sites_of(context):
			with on_site(site):
				work_on(JOBS[name](), dry_run)

	return command


def work_on(job: "Job", dry_run: bool) -> None:
	from crm_pipeline.permissions.switch import is_off_for_all

	if job.rests_when_off and is_off_for_all():
		click.echo("Opportunities are switched off in Selling Settings: nothing is done.")
	else:
		show_due(job) if dry_run else run(job)


def show_due(job: "Job") -> None:
	count = 0
	for line in job.due():
		click.echo(line)
		count += 1
	click.echo(f"{count} due.")


def run(job: "Job") -> None:
	with click.progressbar(length=job.count(), label=job.label) as bar:
		outcome = job.run(bar.update)
	click.echo(outcome)
