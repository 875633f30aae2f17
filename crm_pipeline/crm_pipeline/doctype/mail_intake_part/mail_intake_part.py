from crm_pipeline.utils.confidential import ConfidentialDocument


class MailIntakePart(ConfidentialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		entry: DF.Link | None
		message: DF.Code | None
		part: DF.Int
	# end: auto-generated types
	"""What a long message has beyond the beginning, which is in its entry; written by `crm_pipeline.mail`."""
