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

// Quick entry starts with the user's own deal and offers only the party types of Selling Settings.
frappe.ui.form.OpportunityQuickEntryForm = class extends frappe.ui.form.QuickEntryForm {
	render_dialog() {
		this.doc.opportunity_owner = this.doc.opportunity_owner || frappe.session.user;
		super.render_dialog();
		this.dialog.fields_dict.opportunity_from.get_query = () => ({
			filters: { name: ["in", frappe.boot.crm_pipeline.party_types] },
		});
	}
};

// Frappe 16 on SQLite takes a form from this cache without the DocTypes of its tables, and fails to draw it.
localStorage.removeItem("_doctype:Opportunity");
