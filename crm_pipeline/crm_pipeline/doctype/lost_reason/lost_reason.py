from crm_pipeline.utils.named_document import NamedDocument


class LostReason(NamedDocument):
	name_fields = ("lost_reason",)
