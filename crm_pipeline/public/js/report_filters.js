// Filters that several reports have; their scripts include this file.
frappe.provide("crm_pipeline.filters");

// The column of row numbers is as wide as their count is in Desk's own measure, in which "10" is cut off beside 11 rows. On a phone
// Frappe 15 shows five rows; what Frappe 16 says of it weighs more than this.
frappe.dom.set_style(
	`.report-wrapper .dt-cell__content--col-0 { padding-inline: 5px; }
	@media (max-width: 767px) { :where(.report-wrapper) .dt-scrollable { height: 60vh; } }`,
	"crm-report-table",
);

// A day that must be given, by default so many days from today.
crm_pipeline.filters.day = (fieldname, label, days) => ({
	fieldname,
	label,
	fieldtype: "Date",
	default: frappe.datetime.add_days(frappe.datetime.get_today(), days),
	reqd: 1,
});

// One of some options, as value: label, that must be chosen, by default the first.
crm_pipeline.filters.one_of = (fieldname, label, options) => ({
	fieldname,
	label,
	fieldtype: "Select",
	options: Object.entries(options).map(([value, text]) => ({ value, label: text })),
	default: Object.keys(options)[0],
	reqd: 1,
});

// The beginning of a long list, or all of it, as for an export.
crm_pipeline.filters.rows = () =>
	crm_pipeline.filters.one_of("rows", __("Rows"), { First: __("Beginning of the List"), All: __("All") });

// Any number of records of a DocType, by default none, which means all.
crm_pipeline.filters.several = (fieldname, label, doctype) => ({
	fieldname,
	label,
	fieldtype: "MultiSelectList",
	get_data: async (text) => {
		const rows = await frappe.db.get_link_options(doctype, text);
		const translate = frappe.boot.translated_doctypes.includes(doctype) ? __ : (value) => value;
		return rows.map((row) => ({ label: translate(row.value), ...row }));
	},
	default: [],
});

crm_pipeline.filters.owners = () =>
	crm_pipeline.filters.several("opportunity_owner", __("Opportunity Owner"), "User");

// A team with all below it, by default none, which means everybody.
crm_pipeline.filters.team = () => ({
	fieldname: "sales_team",
	label: __("Sales Team"),
	fieldtype: "Link",
	options: "Sales Team",
	default: "",
});

crm_pipeline.filters.statuses = (placeholder) => ({
	fieldname: "status",
	label: __("Status"),
	fieldtype: "MultiSelectList",
	options: Object.values(frappe.boot.crm_pipeline.statuses).flat().map((value) => ({
		value,
		label: __(value, null, "Opportunity"),
		description: "",
	})),
	placeholder,
	default: [],
});
