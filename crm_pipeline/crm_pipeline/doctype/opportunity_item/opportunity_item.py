from crm_pipeline.permissions.child_row import ChildRow


class OpportunityItem(ChildRow):
	pass
