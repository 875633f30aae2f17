from crm_pipeline.utils.locking import ConcurrentDocument


class OpportunityType(ConcurrentDocument):
	pass
