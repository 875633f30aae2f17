frappe.ui.form.on("Selling Settings", {
	setup(frm) {
		frm.set_query("base_currency", () => ({ filters: { enabled: 1 } }));
		frm.set_query("party_types", () => ({
			filters: { istable: 0, issingle: 0, is_submittable: 0 },
		}));
	},
});
