frappe.ui.form.on("Pipeline Change", {
	refresh(frm) {
		const places = crm_pipeline.places_of(frm.doc.conversion_rate);
		frm.set_df_property("conversion_rate", "precision", places || 1);
	},
});
