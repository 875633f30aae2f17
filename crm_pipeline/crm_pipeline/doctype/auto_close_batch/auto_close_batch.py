from crm_pipeline.utils.locking import ConcurrentDocument


class AutoCloseBatch(ConcurrentDocument):
	"""What one run of auto-close did; written by `crm_pipeline.auto_close`."""
