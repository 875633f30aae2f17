from crm_pipeline.utils.locking import ConcurrentDocument


class Competitor(ConcurrentDocument):
	pass
