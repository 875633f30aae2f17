from crm_pipeline.utils.validation import NamedDocument


class LeadSource(NamedDocument):
	name_fields = ("source_name",)
