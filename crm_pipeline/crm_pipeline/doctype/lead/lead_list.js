const COLORS = {
	Open: "blue",
	Replied: "cyan",
	Opportunity: "orange",
	Converted: "green",
	"Do Not Contact": "red",
};

frappe.listview_settings["Lead"] = {
	add_fields: ["status"],
	hide_name_column: true,
	get_indicator: (doc) => [__(doc.status), COLORS[doc.status], `status,=,${doc.status}`],
};
