frappe.query_reports["Opportunity Summary by Sales Stage"] = {
	filters: [
		{
			fieldname: "based_on",
			label: __("Based On"),
			fieldtype: "Select",
			options: ["Opportunity Owner", "Source", "Opportunity Type", "Territory"],
			default: "Opportunity Owner",
			reqd: 1,
		},
		{
			fieldname: "data_based_on",
			label: __("Value"),
			fieldtype: "Select",
			options: ["Number", "Amount"],
			default: "Number",
			reqd: 1,
		},
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -365),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "MultiSelectList",
			options: ["Open", "Replied", "Quotation", "Paused", "Converted", "Lost", "Closed"],
			default: [],
		},
		several("sales_process", __("Sales Process"), "Sales Process"),
		several("opportunity_owner", __("Opportunity Owner"), "User"),
		several("source", __("Source"), "Lead Source"),
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
