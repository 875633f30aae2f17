"""`crm-pipeline undo-auto-close`"""

import click
import frappe
from frappe.commands import pass_context

from crm_pipeline.commands.site import Context, on_site, only_site_of


@click.command("undo-auto-close")
@click.argument("batch")
@pass_context
def undo_auto_close(context: Context, batch: str) -> None:
	"""Bring back what a batch of auto-close closed, unless somebody has touched it since."""
	from crm_pipeline.auto_close.undo import to_undo, undo

	with on_site(only_site_of(context)):
		if not frappe.db.exists("Auto Close Batch", batch):
			raise click.ClickException(f"There is no Auto Close Batch {batch}.")
		with click.progressbar(length=to_undo(batch), label="Bringing back") as bar:
			counts = undo(batch, bar.update)
		click.echo(f"{counts['undone']} opportunities are as they were before, {counts['left']} were left.")
