{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}

frappe.query_reports["Supplier Response"] = {
	formatter: crm_pipeline.reports.formatter,
	filters: [
		crm_pipeline.filters.day("from_date", __("Requested From"), -365),
		crm_pipeline.filters.day("to_date", __("Requested To"), 0),
		crm_pipeline.filters.several("supplier", __("Supplier"), "Supplier"),
		crm_pipeline.filters.one_of("period", __("Period"), {
			Whole: __("Whole Period"),
			Year: __("Year"),
			Quarter: __("Quarter"),
			Month: __("Month"),
		}),
	],
};
