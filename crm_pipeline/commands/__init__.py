"""The app's own commands, for bench and for the embedded host alike.

check      whether what is stored on a site agrees with itself, and putting right what does not
demo       a believable pipeline to try things out, and taking it away again
scheduled  the tasks of the scheduler as commands
jobs       what each of them says and does
undo       bringing back what auto-close closed
site       the sites they work on

Every call of bench loads this package, so that it imports the rest of the app only when a command runs.
"""

import click

from crm_pipeline.commands.checking import check
from crm_pipeline.commands.demo import demo, demo_people
from crm_pipeline.commands.scheduled import TASKS, by_hand
from crm_pipeline.commands.undo import undo_auto_close

OWN = (check, demo, demo_people, *(by_hand(name, does) for name, does in TASKS.items()), undo_auto_close)


@click.group("crm-pipeline", commands=OWN)
def crm_pipeline() -> None:
	"""Commands of CRM Pipeline."""


commands = [crm_pipeline]
