{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}
{% include "crm_pipeline/public/js/report_lists.js" %}
{% include "crm_pipeline/public/js/measured_probabilities.js" %}

frappe.query_reports["Probability Check"] = {
	formatter: crm_pipeline.reports.opening_figures,
	onload: (report) => {
		crm_pipeline.reports.open_lists(report);
		crm_pipeline.offer_measured_probabilities(report);
	},
	filters: [
		crm_pipeline.filters.day("from_date", __("Entered From"), -730),
		crm_pipeline.filters.day("to_date", __("Entered To"), 0),
		crm_pipeline.filters.several("sales_process", __("Sales Process"), "Sales Process"),
		{ fieldname: "fewest", label: __("Fewest Decided"), fieldtype: "Int", default: 20 },
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("opportunity_type", __("Opportunity Type"), "Opportunity Type"),
		crm_pipeline.filters.several("source", __("Source"), "Lead Source"),
		crm_pipeline.filters.figure(),
	],
};
