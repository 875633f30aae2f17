from crm_pipeline.utils.locking import ConcurrentDocument


class DemoRecord(ConcurrentDocument):
	"""A record that the demo made, written in bulk by `crm_pipeline.demo.ledger`."""
