frappe.ui.form.on("Contact", {
	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		const method =
			"crm_pipeline.crm_pipeline.doctype.opportunity.opportunity.make_opportunity_from_contact";
		crm_pipeline.add_create_buttons(frm, {
			Opportunity: () => frappe.model.open_mapped_doc({ method, frm }),
		});
	},
});
