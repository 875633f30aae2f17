from frappe.model.document import Document


class DemoRecord(Document):
	"""A record that the demo made, written in bulk by `crm_pipeline.demo.ledger`."""
