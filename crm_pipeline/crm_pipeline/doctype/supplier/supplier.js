frappe.ui.form.on("Supplier", {
	validate: (frm) => crm_pipeline.ask_about_same_name(frm, "supplier_name"),

	refresh(frm) {
		if (frm.is_new()) {
			frappe.contacts.clear_address_and_contact(frm);
		} else {
			frappe.contacts.render_address_and_contact(frm);
			crm_pipeline.write_to_contact(frm);
		}
	},
});
