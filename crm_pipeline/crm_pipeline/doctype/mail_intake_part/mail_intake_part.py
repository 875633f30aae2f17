from crm_pipeline.utils.confidential import ConfidentialDocument


class MailIntakePart(ConfidentialDocument):
	"""What a long message has beyond the beginning, which is in its entry; written by `crm_pipeline.mail`."""
