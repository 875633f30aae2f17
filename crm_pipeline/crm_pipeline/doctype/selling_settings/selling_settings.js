frappe.ui.form.on("Selling Settings", {
	setup(frm) {
		frm.set_query("base_currency", () => ({ filters: { enabled: 1 } }));
		frm.set_query("party_types", () => ({
			filters: { istable: 0, issingle: 0, is_submittable: 0 },
		}));
	},
	refresh(frm) {
		show_setup_warnings(frm); // which the buttons of the form need not wait for
	},
});

async function show_setup_warnings(frm) {
	const warnings = await crm_pipeline.get_setup_warnings();
	if (warnings.length) {
		frm.set_intro(warnings.join("<br>"), "yellow");
	}
}
