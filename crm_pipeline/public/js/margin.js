// Asking for a margin, and opening what was made with it.
frappe.provide("crm_pipeline");

crm_pipeline.margin_fields = (currency, changed = () => {}) => [
	{
		fieldname: "margin_kind",
		fieldtype: "Select",
		label: __("Margin In"),
		options: [
			{ value: "percentage", label: __("Percent of the Price") },
			{ value: "amount", label: __("Amount ({0})", [currency]) },
			{ value: "none", label: __("Prices of the Opportunity") },
		],
		default: "percentage",
		change: changed,
	},
	{ fieldname: "margin_column", fieldtype: "Column Break" },
	{
		fieldname: "margin",
		fieldtype: "Float",
		label: __("Margin"),
		default: 20,
		depends_on: "eval:doc.margin_kind !== 'none'",
		change: changed,
	},
];

// What the server takes; null where no margin is asked for.
crm_pipeline.asked_margin = (kind, value) => (kind === "none" ? null : { [kind]: flt(value) });

crm_pipeline.open_unsaved = (doc) => {
	frappe.model.sync(doc);
	frappe.set_route("Form", doc.doctype, doc.name);
};
