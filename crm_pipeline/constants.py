"""Names that several packages know."""

APP = "crm_pipeline"
MODULE = "CRM Pipeline"
QUOTING_DOCTYPES = ("Quotation", "Supplier Quotation")
