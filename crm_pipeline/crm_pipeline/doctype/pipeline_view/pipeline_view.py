import re

import frappe
from frappe import _
from frappe.model.document import Document
from pypika.terms import Criterion

from crm_pipeline.exceptions import UnsafeLink
from crm_pipeline.permissions.switch import is_switched_off, refuse_if_switched_off
from crm_pipeline.utils.guarded_document import GuardedDocument
from crm_pipeline.utils.markup import bold

QUERY = re.compile(r"[\w\-.~!*'()%&=+,:;@/$]*")  # what browsers leave as it is after a question mark
MOST = 4000  # characters


class PipelineView(GuardedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		query: DF.SmallText | None
		shared: DF.Check
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		self.query = (self.query or "").strip().removeprefix("?")
		if len(self.query) > MOST or not QUERY.fullmatch(self.query):
			frappe.throw(
				_("{0} is not what follows the question mark in the address of the pipeline page.").format(
					bold(self.query[:40])
				),
				UnsafeLink,
				title=_("View Not Possible"),
			)


def query_conditions(user: str | None = None) -> str:
	"""Leave lists the user's own views and those that are shared, as the hook `permission_query_conditions`."""
	user = user or frappe.session.user
	if user == frappe.session.user:
		refuse_if_switched_off()
	if user == "Administrator":
		return ""
	return f"({_readable_by(user).get_sql(quote_char='`', with_namespace=True)})"


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Leave a view to whoever made it, and a shared one to all for reading, as the hook `has_permission`."""
	user = user or frappe.session.user
	if user == "Administrator" or doc.is_new():
		return user == "Administrator" or not is_switched_off(user)
	stored = frappe.db.get_value(doc.doctype, doc.name, ["owner", "shared"], as_dict=True)
	is_own = bool(stored) and stored.owner == user
	reads = bool(stored and stored.shared) and ptype in (None, "read", "select")
	return (is_own or reads) and not is_switched_off(user)


def _readable_by(user: str) -> Criterion:
	view = frappe.qb.DocType("Pipeline View")
	return (view.owner == user) | (view.shared == 1)
