frappe.query_reports["Lost Opportunity"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("Lost From"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -365),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("Lost To"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		several("lost_reason", __("Lost Reason"), "Lost Reason"),
		several("competitor", __("Competitor"), "Competitor"),
		several("opportunity_owner", __("Opportunity Owner"), "User"),
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
		several("source", __("Source"), "Lead Source"),
	],
};

function several(fieldname, label, doctype) {
	return {
		fieldname,
		label,
		fieldtype: "MultiSelectList",
		get_data: (text) => frappe.db.get_link_options(doctype, text),
		default: [],
	};
}
