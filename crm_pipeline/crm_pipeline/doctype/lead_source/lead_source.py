from crm_pipeline.utils.locking import ConcurrentDocument


class LeadSource(ConcurrentDocument):
	pass
