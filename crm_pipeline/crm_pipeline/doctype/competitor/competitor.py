from crm_pipeline.utils.validation import NamedDocument


class Competitor(NamedDocument):
	name_fields = ("competitor_name",)
