from crm_pipeline.utils.guarded_document import GuardedRow


class SalesProcessStage(GuardedRow):
	pass
