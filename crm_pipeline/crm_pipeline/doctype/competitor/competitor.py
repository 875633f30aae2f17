from frappe.model.document import Document


class Competitor(Document):
	pass
