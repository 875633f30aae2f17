const MAKE_QUOTATION =
	"crm_pipeline.crm_pipeline.doctype.supplier_quotation.supplier_quotation.make_quotation";

frappe.ui.form.on("Supplier Quotation", {
	setup(frm) {
		frm.amounts = new crm_pipeline.Amounts(frm, "net_total");
		frm.email_field = "contact_email";
		set_queries(frm);
	},

	refresh(frm) {
		frm.amounts.refresh();
		if (frm.doc.docstatus < 2 && !frm.is_new()) {
			crm_pipeline.add_create_buttons(frm, { Quotation: () => make_quotation(frm) });
		}
		crm_pipeline.show_request(frm);
	},

	supplier(frm) {
		frm.set_value("contact_person", null);
		frm.amounts.follow_party();
	},

	currency: (frm) => frm.amounts.change_currency(),

	transaction_date: (frm) => frm.amounts.change_rate(),

	net_total: (frm) => frm.amounts.compute(),
});

frappe.ui.form.on("Supplier Quotation Item", {
	qty: (frm) => frm.amounts.compute(),
	rate: (frm) => frm.amounts.compute(),
	items_remove: (frm) => frm.amounts.compute(),
});

function set_queries(frm) {
	frm.set_query("contact_person", () =>
		frm.doc.supplier
			? {
					query: "frappe.contacts.doctype.contact.contact.contact_query",
					filters: { link_doctype: "Supplier", link_name: frm.doc.supplier },
			  }
			: {}
	);
	frm.set_query("supplier", () => ({ filters: { disabled: 0 } }));
	frm.set_query("item_code", "items", () => ({ filters: { disabled: 0 } }));
}

// The supplier's rates are the cost: what the customer pays is asked for.
function make_quotation(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Make Quotation"),
		fields: crm_pipeline.margin_fields(__("in all")),
		primary_action_label: __("Make Quotation"),
		async primary_action({ margin_kind, margin }) {
			const args = {
				source_name: frm.doc.name,
				margin: crm_pipeline.asked_margin(margin_kind, margin),
			};
			const { message } = await frappe.call({ method: MAKE_QUOTATION, args, freeze: true });
			dialog.hide();
			crm_pipeline.open_unsaved(message);
		},
	});
	dialog.show();
}
