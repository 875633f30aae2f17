from crm_pipeline.utils.validation import NamedDocument


class LostReason(NamedDocument):
	name_fields = ("lost_reason",)
