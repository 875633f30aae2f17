from crm_pipeline.utils.named_document import NamedDocument


class Competitor(NamedDocument):
	name_fields = ("competitor_name",)
