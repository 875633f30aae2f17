from crm_pipeline.controllers.deal_row import DealRow


class QuotationItem(DealRow):
	pass
