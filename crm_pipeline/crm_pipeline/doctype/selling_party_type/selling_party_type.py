from frappe.model.document import Document


class SellingPartyType(Document):
	pass
