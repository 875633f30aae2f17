from crm_pipeline.utils.named_document import NamedDocument


class LeadSource(NamedDocument):
	name_fields = ("source_name",)
