frappe.ui.form.on("Pipeline Change", {
	refresh(frm) {
		const [, decimals = ""] = flt(frm.doc.conversion_rate).toFixed(9).replace(/0+$/, "").split(".");
		frm.set_df_property("conversion_rate", "precision", decimals.length || 1);
	},
});
