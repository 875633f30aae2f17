from frappe.model.document import Document


class SupplierQuotationItem(Document):
	pass
