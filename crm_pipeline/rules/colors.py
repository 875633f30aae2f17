"""The color of each status: one for one meaning, on lists, forms and boards alike.

Desk gets the table at boot; the names are those of Frappe's indicators, and of the columns of a Kanban Board.
"""

OPPORTUNITY = {
	"Open": "blue",
	"Replied": "cyan",
	"Quotation": "orange",
	"Paused": "purple",
	"Converted": "green",
	"Lost": "red",
	"Closed": "gray",
}
QUOTATION = {
	"Draft": "gray",
	"Open": "blue",
	"Replied": "cyan",
	"Partially Ordered": "orange",
	"Ordered": "green",
	"Lost": "red",
	"Expired": "yellow",
	"Cancelled": "red",
}
SUPPLIER_QUOTATION = {
	"Draft": "gray",
	"Submitted": "blue",
	"Expired": "yellow",
	"Cancelled": "red",
}
SUPPLIER_REQUEST = {
	"Asked": "blue",
	"Opened": "cyan",
	"Answered": "green",
	"Declined": "red",
	"Late": "orange",
}
LEAD = {
	"Open": "blue",
	"Replied": "cyan",
	"Opportunity": "orange",
	"Converted": "green",
	"Do Not Contact": "red",
}
AUTO_CLOSE_BATCH = {
	"Running": "orange",
	"Done": "green",
	"Undone": "gray",
	"Partly Undone": "yellow",
}

COLORS = {
	"Opportunity": OPPORTUNITY,
	"Quotation": QUOTATION,
	"Supplier Quotation": SUPPLIER_QUOTATION,
	"Lead": LEAD,
	"Auto Close Batch": AUTO_CLOSE_BATCH,
}
