"""What is right: who may see or change the records of `world.py`. Written by hand, from docs/administration.md.

`-` nothing, not even that it exists; `r` see; `w` see and change; `?` see or not, as Frappe decides for this DocType.
Opportunities are set to be seen by owners, assignees and those they are shared with. The hidden chain is shared with
`sharer` for reading and assigned to `flat`. `bound` and `own_only` are its opportunity owners, but its party is none
of those that `bound` is limited to, and `own_only`, who did not enter it, has a role for own records alone. `leader`
manages a team above that of `bound` and `own_only`; `other` one of people who have nothing of the chain but a share. `flat` and
all others but `manager` have no right to supplier quotations, whatever else is shared with them, and lack permission level 1, on which the amount is, so that the history is out of sight for them. A
batch of auto-close, which counts all, is for who sees all. Links of what one may read name a lead, stage, process or
batch.
"""

from crm_pipeline.tests.matrix.people import PEOPLE

HIDDEN_CHAIN = """
                         guest website purchaser other sharer bound own_only flat leader manager
Opportunity              -     -       -         -     r      -     -        w    w      w
Opportunity Item         -     -       -         -     r      -     -        w    w      w
Competitor Detail        -     -       -         -     r      -     -        w    w      w
Lost Reason Detail       -     -       -         -     r      -     -        w    w      w
Quotation                -     -       -         -     r      -     -        w    w      w
Quotation Item           -     -       -         -     r      -     -        w    w      w
Sales Taxes and Charges  -     -       -         -     r      -     -        w    w      w
Supplier Quotation       -     -       -         -     -      -     -        -    -      w
Supplier Quotation Item  -     -       -         -     -      -     -        -    -      w
Pipeline Change          -     -       -         -     -      -     -        -    -      r
Auto Closed Opportunity  -     -       -         -     r      -     -        r    r      r
Auto Close Batch         -     -       -         -     ?      -     -        ?    ?      r
Communication            -     -       -         -     ?      -     -        ?    ?      ?
Comment                  -     -       -         -     ?      -     -        ?    ?      ?
ToDo                     -     -       -         -     ?      -     -        ?    ?      ?
Event                    -     -       -         -     ?      -     -        ?    ?      ?
File                     -     -       -         -     ?      -     -        ?    ?      ?
Tag Link                 -     -       -         -     ?      -     -        ?    ?      ?
Version                  -     -       -         -     ?      -     -        ?    ?      ?
DocShare                 -     -       -         -     ?      -     -        ?    ?      ?
Notification Log         -     -       -         -     -      ?     ?        -    -      -
"""

# On an opportunity of `flat` itself.
LEVEL_1 = """
                         guest website purchaser other sharer bound own_only flat leader manager
Opportunity Amount       -     -       -         -     -      -     -        -    -      r
"""

MASTERS = """
                                 guest website purchaser other sharer bound own_only flat leader manager
Lead                             -     -       ?         w     w      w     -        w    w      w
Customer                         -     -       r         w     w      -     -        w    w      w
Supplier                         -     -       w         r     r      r     -        r    r      w
Item                             -     -       r         r     r      r     -        r    r      w
Competitor                       -     -       r         w     w      w     -        w    w      w
Currency Exchange                -     -       r         r     r      r     -        r    r      w
Lead Source                      -     -       r         r     r      r     -        r    r      w
Lost Reason                      -     -       r         r     r      r     -        r    r      w
Opportunity Type                 -     -       r         r     r      r     -        r    r      w
Sales Taxes and Charges Template -     -       r         r     r      r     -        r    r      w
Sales Stage                      -     -       r         r     r      r     ?        r    r      w
Sales Process                    -     -       r         r     r      r     ?        r    r      w
Sales Process Stage              -     -       r         r     r      r     -        r    r      w
Sales Team                       -     -       r         r     r      r     -        r    r      w
Sales Team Member                -     -       r         r     r      r     -        r    r      w
Stage Requirement                -     -       r         r     r      r     -        r    r      w
Selling Settings                 -     -       r         r     r      r     -        r    r      w
Selling Party Type               -     -       r         r     r      r     -        r    r      w
Selling Disabled Role            -     -       r         r     r      r     -        r    r      w
Demo Record                      -     -       -         -     -      -     -        -    -      -
Mail Intake Log                  -     -       -         -     -      -     -        -    -      -
Mail Intake Part                 -     -       -         -     -      -     -        -    -      -
Pipeline View                    -     -       -         -     -      -     -        -    -      -
Pipeline Write                   -     -       -         -     -      -     -        -    -      -
"""


def read_table(text: str) -> dict[str, dict[str, str]]:
	"""Rights by record and kind of person."""
	head, *rows = text.strip().splitlines()
	assert tuple(head.split()) == PEOPLE
	width = len(rows[0]) - len(rows[0].split("  ", 1)[1].lstrip())
	return {row[:width].strip(): dict(zip(PEOPLE, row[width:].split(), strict=True)) for row in rows}


RIGHTS = read_table(HIDDEN_CHAIN) | read_table(LEVEL_1) | read_table(MASTERS)
TRACES = frozenset(
	(
		"Communication",
		"Comment",
		"ToDo",
		"Event",
		"File",
		"Tag Link",
		"Version",
		"DocShare",
		"Notification Log",
	)
)
# For these the usual paths tell as well as all of them.
PLAIN = (frozenset(read_table(MASTERS)) | TRACES) - {"Lead", "Customer"}
USUAL_PATHS = frozenset(
	(
		"resource",
		"v2 document",
		"client.get",
		"client.get_value",
		"client.get by filter",
		"client.get_count",
		"client.get_count by name",
		"client.validate_link",
		"client.validate_link_and_fetch",
		"list",
		"list by filter",
		"search_link",
		"get_link_title",
		"form.load.getdoc",
		"form.load.get_docinfo",
		"reportview.get",
		"reportview.export_query",
		"print",
	)
)
