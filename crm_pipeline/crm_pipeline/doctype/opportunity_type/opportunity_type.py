from crm_pipeline.utils.validation import NamedDocument


class OpportunityType(NamedDocument):
	name_fields = ("type_name",)
