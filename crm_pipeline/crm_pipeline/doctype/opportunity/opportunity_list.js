const COLORS = {
	Open: "blue",
	Replied: "cyan",
	Quotation: "orange",
	Paused: "gray",
	Converted: "green",
	Lost: "red",
	Closed: "darkgrey",
};

frappe.listview_settings["Opportunity"] = {
	add_fields: ["status", "currency", "opportunity_amount"],
	hide_name_column: true,
	get_indicator: (doc) => [__(doc.status), COLORS[doc.status], `status,=,${doc.status}`],
	formatters: {
		opportunity_amount: (value, df, doc) =>
			format_currency(value, doc.currency, frappe.boot.crm_pipeline.decimals[doc.currency] ?? 2),
	},
};
