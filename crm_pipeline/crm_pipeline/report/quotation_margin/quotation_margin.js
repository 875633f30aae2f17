{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}

frappe.query_reports["Quotation Margin"] = {
	formatter: crm_pipeline.reports.formatter,
	filters: [
		crm_pipeline.filters.one_of("group_by", __("Group By"), {
			Owner: __("Owner"),
			Party: __("Party"),
			Supplier: __("Supplier"),
			"Item Group": __("Item Group"),
			Month: __("Month"),
		}),
		crm_pipeline.filters.day("from_date", __("Quoted From"), -365),
		crm_pipeline.filters.day("to_date", __("Quoted To"), 0),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("customer", __("Customer"), "Customer"),
		crm_pipeline.filters.several("supplier", __("Supplier"), "Supplier"),
	],
};
