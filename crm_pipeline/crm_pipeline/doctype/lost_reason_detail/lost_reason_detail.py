from crm_pipeline.controllers.deal_row import DealRow


class LostReasonDetail(DealRow):
	pass
