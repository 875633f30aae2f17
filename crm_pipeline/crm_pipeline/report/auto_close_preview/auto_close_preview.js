{% include "crm_pipeline/public/js/report_filters.js" %}

frappe.query_reports["Auto-close Preview"] = {
	filters: [crm_pipeline.filters.day("day", __("Day of the Run"), 1), crm_pipeline.filters.owners()],
};
