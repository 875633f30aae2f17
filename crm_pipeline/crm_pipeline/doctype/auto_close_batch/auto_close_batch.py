from crm_pipeline.utils.confidential import ConfidentialDocument


class AutoCloseBatch(ConfidentialDocument):
	"""What one run of auto-close did; written by `crm_pipeline.auto_close`."""
