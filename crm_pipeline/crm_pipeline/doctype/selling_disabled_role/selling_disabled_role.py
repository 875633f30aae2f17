from crm_pipeline.utils.guarded_document import GuardedRow


class SellingDisabledRole(GuardedRow):
	pass
