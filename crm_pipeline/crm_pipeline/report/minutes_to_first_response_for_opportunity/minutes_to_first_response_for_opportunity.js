{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}
{% include "crm_pipeline/public/js/report_lists.js" %}

frappe.query_reports["Minutes to First Response for Opportunity"] = {
	formatter: crm_pipeline.reports.opening_figures,
	onload: crm_pipeline.reports.open_lists,
	filters: [
		crm_pipeline.filters.one_of("group_by", __("Group By"), {
			// Desk translates an option once more, and "Tag", German for a day, is English too.
			Day: __("Date"),
			Owner: __("Owner"),
		}),
		crm_pipeline.filters.day("from_date", __("From Date"), -30),
		crm_pipeline.filters.day("to_date", __("To Date"), 0),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("source", __("Source"), "Lead Source"),
		crm_pipeline.filters.figure(),
	],
};
