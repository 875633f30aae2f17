from frappe.model.document import Document


class AutoCloseBatch(Document):
	"""What one run of auto-close did; written by `crm_pipeline.auto_close`."""
