frappe.ui.form.on("Contact", {
	refresh(frm) {
		if (frm.is_new() || !frappe.model.can_create("Opportunity")) {
			return;
		}
		const method =
			"crm_pipeline.crm_pipeline.doctype.opportunity.opportunity.make_opportunity_from_contact";
		frm.add_custom_button(
			__("Opportunity"),
			() => frappe.model.open_mapped_doc({ method, frm }),
			__("Create")
		);
	},
});
