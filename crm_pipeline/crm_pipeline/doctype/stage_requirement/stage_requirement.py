from frappe.model.document import Document


class StageRequirement(Document):
	pass
