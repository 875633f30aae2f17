{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}
{% include "crm_pipeline/public/js/report_lists.js" %}

// The bars below those that float, by the colour that the report gives them.
frappe.dom.set_style(
	'.frappe-chart rect[style*="fefefe"], .chart-legend g:has(> rect[fill="#fefefe"]) { opacity: 0; }',
	"crm-what-moved",
);

frappe.query_reports["What Moved"] = {
	formatter: crm_pipeline.reports.opening_lists("movement", (row) => row.movement && row.listed),
	onload: crm_pipeline.reports.open_lists,
	filters: [
		crm_pipeline.filters.day("from_date", __("From Date"), -30),
		crm_pipeline.filters.day("to_date", __("To Date"), 0),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("sales_process", __("Sales Process"), "Sales Process"),
		{ fieldname: "closing_from", label: __("Closing From"), fieldtype: "Date" },
		{ fieldname: "closing_to", label: __("Closing To"), fieldtype: "Date" },
		crm_pipeline.filters.one_of("based_on", __("Chart"), {
			Amount: __("Amount"),
			"Weighted Amount": __("Weighted Amount"),
		}),
		crm_pipeline.filters.list_of({
			Opening: __("At the Beginning"),
			New: __("New"),
			Reopened: __("Reopened"),
			"Transferred In": __("Transferred In"),
			"Pulled In": __("Pulled In"),
			Raised: __("Raised"),
			Lowered: __("Lowered"),
			Currency: __("Currency"),
			Probability: __("Probability"),
			Slipped: __("Slipped"),
			"Transferred Out": __("Transferred Out"),
			Won: __("Won"),
			Lost: __("Lost"),
			Closed: __("Closed"),
			Closing: __("At the End"),
		}),
	],
};
