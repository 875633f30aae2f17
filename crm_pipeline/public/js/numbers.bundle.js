// How numbers of the app are shown all over Desk.
frappe.provide("crm_pipeline");

// As many decimals as a number has, nine at most: what a rate is shown with.
crm_pipeline.places_of = (number) => (flt(number).toFixed(9).replace(/0+$/, "").split(".")[1] || "").length;

// Cards of a workspace and of a Kanban board show amounts without the document that says their currency. Frappe takes
// the site's default for it then; what is kept in base currency is in that of Selling Settings.
{
	const original = frappe.meta.get_field_currency;
	const doctypes = ["Opportunity", "Quotation", "Supplier Quotation"];

	frappe.meta.get_field_currency = function (df, doc) {
		const kept_in_base = df?.options === "base_currency" && doctypes.includes(df.parent);
		const base = frappe.boot.crm_pipeline?.base_currency;
		return (kept_in_base && (doc?.base_currency || base)) || original.call(this, df, doc);
	};
}

// What is late is red; in the dark a lighter red, since Frappe's stands out too little there.
frappe.dom.set_style(
	":root { --crm-late: var(--red-600); } [data-theme=dark] { --crm-late: var(--red-400); }",
	"crm-late",
);

// A card that warns by its colour has nothing to warn of at zero.
{
	const card = frappe.widget.widget_factory.number_card.prototype;
	const { render_number } = card;

	card.render_number = function () {
		render_number.call(this);
		if (this.card_doc.module === "CRM Pipeline" && this.number === 0) $(this.body).find(".number").css("color", "");
	};
}
