from frappe.model.document import Document


class LostReason(Document):
	pass
