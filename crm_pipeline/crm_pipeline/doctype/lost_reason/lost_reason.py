from crm_pipeline.utils.locking import ConcurrentDocument


class LostReason(ConcurrentDocument):
	pass
