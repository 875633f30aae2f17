from frappe.model.document import Document


class SellingDisabledRole(Document):
	pass
