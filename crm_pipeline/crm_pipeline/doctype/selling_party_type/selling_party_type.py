from crm_pipeline.utils.guarded_document import GuardedRow


class SellingPartyType(GuardedRow):
	pass
