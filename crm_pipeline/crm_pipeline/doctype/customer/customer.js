frappe.ui.form.on("Customer", {
	setup(frm) {
		const party = () => frm.doc.name;
		frm.make_methods = {
			Opportunity: () =>
				frappe.new_doc("Opportunity", { opportunity_from: "Customer", party_name: party() }),
			Quotation: () => frappe.new_doc("Quotation", { quotation_to: "Customer", party_name: party() }),
		};
		set_queries(frm);
	},

	validate: (frm) => crm_pipeline.ask_about_same_name(frm, "customer_name"),

	refresh(frm) {
		if (frm.is_new()) {
			frappe.contacts.clear_address_and_contact(frm);
			return;
		}
		frappe.contacts.render_address_and_contact(frm);
		crm_pipeline.write_to_contact(frm);
		crm_pipeline.add_create_buttons(frm, frm.make_methods);
	},
});

function set_queries(frm) {
	const own = () => ({ link_doctype: "Customer", link_name: frm.doc.name });
	frm.set_query("customer_primary_contact", () => ({
		query: "frappe.contacts.doctype.contact.contact.contact_query",
		filters: own(),
	}));
	frm.set_query("customer_primary_address", () => ({
		query: "frappe.contacts.doctype.address.address.address_query",
		filters: own(),
	}));
	frm.set_query("parent_customer", () => ({ filters: { name: ["!=", frm.doc.name] } }));
	frm.set_query("account_manager", () => ({ filters: { enabled: 1, user_type: "System User" } }));
}
