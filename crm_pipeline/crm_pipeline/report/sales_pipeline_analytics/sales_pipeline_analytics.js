frappe.query_reports["Sales Pipeline Analytics"] = {
	filters: [
		{
			fieldname: "pipeline_by",
			label: __("Pipeline By"),
			fieldtype: "Select",
			options: ["Owner", "Sales Stage", "Source"],
			default: "Owner",
			reqd: 1,
		},
		{
			fieldname: "range",
			label: __("Range"),
			fieldtype: "Select",
			options: ["Monthly", "Quarterly"],
			default: "Monthly",
			reqd: 1,
		},
		{
			fieldname: "based_on",
			label: __("Value"),
			fieldtype: "Select",
			options: ["Number", "Amount", "Weighted Amount"],
			default: "Number",
			reqd: 1,
		},
		{
			fieldname: "from_date",
			label: __("Expected Closing From"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("Expected Closing To"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), 365),
			reqd: 1,
		},
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "MultiSelectList",
			options: ["Open", "Replied", "Quotation", "Paused", "Converted", "Lost", "Closed"],
			placeholder: __("In Play"),
			default: [],
		},
		several("opportunity_owner", __("Opportunity Owner"), "User"),
		several("sales_process", __("Sales Process"), "Sales Process"),
		several("opportunity_type", __("Opportunity Type"), "Opportunity Type"),
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
