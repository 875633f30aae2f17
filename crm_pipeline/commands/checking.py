"""`crm-pipeline check`"""

import json
import sys
from typing import TYPE_CHECKING

import click
from frappe.commands import pass_context

from crm_pipeline.commands.site import Context, on_site, sites_of

if TYPE_CHECKING:
	from crm_pipeline.checks.invariant import Invariant
	from crm_pipeline.checks.running import Finding

FORMATS = ("table", "json")


@click.command("check")
@click.option(
	"--repair",
	is_flag=True,
	help="Put right what is certain from other stored facts, and say so on the records",
)
@click.option(
	"--only", multiple=True, metavar="NAME", help="Look at this invariant; may be given several times"
)
@click.option("--limit", type=click.IntRange(0), default=5, show_default=True, help="Names to tell of each")
@click.option("--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True)
@click.option("--list", "list_only", is_flag=True, help="Only say what would be looked at")
@pass_context
def check(
	context: Context, repair: bool, only: tuple[str, ...], limit: int, form: str, list_only: bool
) -> None:
	"""Look whether what is stored on the site agrees with itself. Nothing is written without --repair.

	Ends with 1 if anything does not, or does not even after repairing, else with 0.
	"""
	broken = False
	for site in sites_of(context):
		with on_site(site):
			chosen = choose(only)
			if list_only:
				show_list(chosen)
				continue
			found = look(chosen, repair, limit, quiet=form == "json")
			show_json(site, found) if form == "json" else show_table(found, repair)
			broken |= any(each.count for each in found)
	if broken:
		sys.exit(1)


def choose(only: tuple[str, ...]) -> "list[Invariant]":
	"""Return the invariants of some names, all if there are none, in their order.

	Raises:
		click.BadParameter: a name is none of theirs.
	"""
	from crm_pipeline.checks.registry import INVARIANTS

	if unknown := [name for name in only if name not in INVARIANTS]:
		raise click.BadParameter(f"There is no invariant {', '.join(unknown)}. See --list.")
	return [each for each in INVARIANTS.values() if not only or each.name in only]


def look(invariants: "list[Invariant]", repair: bool, limit: int, quiet: bool) -> "list[Finding]":
	from crm_pipeline.checks import running

	found = []
	with click.progressbar(invariants, label="Checking", file=sys.stderr, hidden=quiet) as bar:
		for each in bar:
			found.append(running.repair(each, limit) if repair else running.find(each, limit))
	return found


def show_list(invariants: "list[Invariant]") -> None:
	for each in invariants:
		click.echo(f"{each.name:<28}{each.says}")
	click.echo(f"{len(invariants)} invariants.")


def show_table(found: "list[Finding]", repair: bool) -> None:
	told = [each for each in found if each.count or each.repaired]
	for each in told:
		show(each, repair)
	broken = sum(1 for each in found if each.count)
	repaired = sum(each.repaired for each in found)
	if repair:
		click.echo(f"{repaired} records repaired.")
	click.echo(f"{len(found)} invariants looked at, {broken} of them broken.")


def show(found: "Finding", repair: bool) -> None:
	"""Say of an invariant how many records break it, which, and how to mend it."""
	invariant, repaired = found.invariant, f", {found.repaired} repaired" if repair else ""
	click.echo(f"{invariant.name} ({invariant.seriousness}): {found.count} broken{repaired}")
	click.echo(f"  {invariant.says}")
	if found.count:
		more = found.count - len(found.names)
		names = ", ".join(found.names) + (f" and {more} more" if more and found.names else "")
		click.echo(f"  {invariant.doctype}: {names}" if names else f"  {invariant.doctype}")
		click.echo(f"  {invariant.mend}")


def show_json(site: str, found: "list[Finding]") -> None:
	click.echo(
		json.dumps(
			{
				"site": site,
				"broken": sum(1 for each in found if each.count),
				"invariants": [as_dict(each) for each in found],
			},
			indent="\t",
		)
	)


def as_dict(found: "Finding") -> dict:
	invariant = found.invariant
	return {
		"name": invariant.name,
		"doctype": invariant.doctype,
		"says": invariant.says,
		"seriousness": invariant.seriousness,
		"mend": invariant.mend,
		"can_repair": bool(invariant.repair),
		"count": found.count,
		"names": found.names,
		"repaired": found.repaired,
	}
