from crm_pipeline.utils.guarded_document import GuardedDocument


class LeadSource(GuardedDocument):
	pass
