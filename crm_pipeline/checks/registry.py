"""All invariants, in the order in which they are looked at: what others go by comes first.

A repair of one may mend what another finds, so that the histories, to which repairs look for witnesses, are told before.
"""

from crm_pipeline.checks import (
	amounts,
	assignments,
	batches,
	follow_ups,
	history,
	links,
	masters,
	outcomes,
	quotations,
	rates,
	site,
	statuses,
	totals,
)
from crm_pipeline.checks.invariant import Invariant

AREAS = {
	"Site": site,
	"Masters and settings": masters,
	"Links and rows": links,
	"History": history,
	"Status and stage": statuses,
	"Outcome": outcomes,
	"Rates": rates,
	"Amounts": amounts,
	"Next contacts": follow_ups,
	"Assignments": assignments,
	"Quotations": quotations,
	"Totals": totals,
	"Batches and mails": batches,
}
INVARIANTS: dict[str, Invariant] = {
	invariant.name: invariant for area in AREAS.values() for invariant in area.INVARIANTS
}
