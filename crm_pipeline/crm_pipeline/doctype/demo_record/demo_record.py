from crm_pipeline.utils.locking import ConcurrentDocument


class DemoRecord(ConcurrentDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		reference_doctype: DF.Data
		reference_name: DF.Data
	# end: auto-generated types
	"""A record that the demo made, written in bulk by `crm_pipeline.demo.ledger`."""
