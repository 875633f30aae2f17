"""`python -m embedded --site NAME COMMAND`: the commands of bench for the embedded host."""

import sys

from embedded import activate

if not activate():
	sys.exit("A real Frappe can be imported here: use its bench instead.")

from embedded.commands import cli

cli(prog_name="python -m embedded")
