"""What Desk's search bar finds: Frappe's index of texts (`__global_search`), and the DocTypes it is asked for.

Frappe indexes what is saved one by one; here is what statements write, and what was there before.
"""

import frappe

DOCTYPES = ("Opportunity", "Customer", "Lead", "Quotation", "Supplier", "Supplier Quotation", "Item")
INDEX = "__global_search"
SETTINGS = "Global Search Settings"
BATCH_SIZE = 100  # records that a job looks at between two commits


def set_up_search() -> None:
	"""Let the search bar look at our DocTypes; the setup wizard of Frappe asks the hooks, and only once."""
	if not is_there():
		return
	settings = frappe.get_doc(SETTINGS)
	known = [row.document_type for row in settings.allowed_in_global_search]
	for doctype in DOCTYPES:
		if doctype not in known:
			settings.append("allowed_in_global_search", {"document_type": doctype}).db_insert()
	_forget_priorities()


def rebuild_index() -> None:
	"""Index every record of our DocTypes anew."""
	if is_there():
		from frappe.utils.global_search import rebuild_for_doctype

		for doctype in DOCTYPES:
			rebuild_for_doctype(doctype)


def index_later(doctype: str, filters: dict) -> None:
	"""Have records that a statement changed indexed when it is committed, by a job, however many they are."""
	frappe.enqueue(
		index_in_batches, queue="long", enqueue_after_commit=True, doctype=doctype, filters=filters
	)


def index_in_batches(doctype: str, filters: dict) -> None:
	"""Index records; what somebody deletes meanwhile is not there in the next portion."""
	if not is_there():
		return
	names = [""]
	while names:
		after = {**filters, "name": [">", names[-1]]}
		names = frappe.get_all(doctype, after, pluck="name", order_by="name", limit=BATCH_SIZE)
		index(doctype, names)
		# No record stays locked while the next batch is read.
		frappe.db.commit()  # nosemgrep: frappe-manual-commit


def index(doctype: str, names: list[str]) -> None:
	"""Index some records."""
	from frappe.utils.global_search import update_global_search

	for name in names:
		update_global_search(frappe.get_doc(doctype, name))


def clear_index(doctypes: list[str]) -> None:
	"""Forget records of DocTypes and what is gone, also of what waits to be indexed."""
	if is_there():
		from frappe.utils.global_search import sync_global_search

		sync_global_search()
		frappe.db.delete(INDEX, {"doctype": ["in", doctypes]})
		_forget_what_is_gone()
		_forget_priorities()


def is_there() -> bool:
	"""Return whether the host keeps such an index; Frappe searches none on SQLite."""
	if frappe.db.db_type == "sqlite" or INDEX not in frappe.db.get_tables():
		return False
	return bool(frappe.db.exists("DocType", SETTINGS))


def _forget_what_is_gone() -> None:
	"""Take out what Frappe indexed from its queue though it was deleted since."""
	index = frappe.qb.Table(INDEX)
	for (doctype,) in frappe.qb.from_(index).select(index.doctype).distinct().run():
		if frappe.db.table_exists(doctype):
			table = frappe.qb.DocType(doctype)
			gone = index.name.notin(frappe.qb.from_(table).select(table.name))
			frappe.qb.from_(index).delete().where((index.doctype == doctype) & gone).run()


def _forget_priorities() -> None:
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	frappe.cache.hdel("global_search", "search_priorities")
