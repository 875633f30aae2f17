{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}
{% include "crm_pipeline/public/js/report_lists.js" %}

frappe.query_reports["Lost Opportunity"] = {
	formatter: crm_pipeline.reports.opening_figures,
	onload: crm_pipeline.reports.open_lists,
	filters: [
		crm_pipeline.filters.one_of("group_by", __("Group By"), {
			Opportunity: __("Opportunity"),
			"Lost Reason": __("Lost Reason"),
			Competitor: __("Competitor"),
			Owner: __("Owner"),
			"Sales Stage": __("Stage at Loss"),
		}),
		{
			...crm_pipeline.filters.one_of("range", __("Period"), {
				Monthly: __("Monthly"),
				Quarterly: __("Quarterly"),
				Yearly: __("Yearly"),
			}),
			depends_on: "eval: doc.group_by !== 'Opportunity'",
		},
		{
			...crm_pipeline.filters.one_of("based_on", __("Value"), {
				Number: __("Number of Opportunities"),
				Amount: __("Amount"),
			}),
			depends_on: "eval: doc.group_by !== 'Opportunity'",
		},
		crm_pipeline.filters.day("from_date", __("Lost From"), -365),
		crm_pipeline.filters.day("to_date", __("Lost To"), 0),
		crm_pipeline.filters.several("lost_reason", __("Lost Reason"), "Lost Reason"),
		crm_pipeline.filters.several("competitor", __("Competitor"), "Competitor"),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		{
			fieldname: "opportunity_from",
			label: __("Opportunity From"),
			fieldtype: "Select",
			options: ["", ...frappe.boot.crm_pipeline.party_types],
			default: "",
			on_change: (report) => {
				report.set_filter_value("party_name", "");
				report.refresh();
			},
		},
		{
			fieldname: "party_name",
			label: __("Party"),
			fieldtype: "Dynamic Link",
			get_options: () => frappe.query_report.get_filter_value("opportunity_from"),
			depends_on: "opportunity_from",
			default: "",
		},
		{ fieldname: "territory", label: __("Territory"), fieldtype: "Data", default: "" },
		crm_pipeline.filters.several("source", __("Source"), "Lead Source"),
		{ ...crm_pipeline.filters.rows(), depends_on: "eval: doc.group_by === 'Opportunity'" },
		{ ...crm_pipeline.filters.figure(), depends_on: "eval: doc.group_by !== 'Opportunity'" },
	],
};
