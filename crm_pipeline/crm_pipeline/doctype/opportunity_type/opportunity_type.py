from crm_pipeline.utils.named_document import NamedDocument


class OpportunityType(NamedDocument):
	name_fields = ("type_name",)
