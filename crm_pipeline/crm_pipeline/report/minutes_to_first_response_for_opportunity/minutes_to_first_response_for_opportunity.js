frappe.query_reports["Minutes to First Response for Opportunity"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -30),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		several("opportunity_owner", __("Opportunity Owner"), "User"),
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
