frappe.ui.form.on("Sales Process", {
	setup(frm) {
		frm.set_query("sales_stage", "stages", () => ({
			filters: { name: ["not in", frm.doc.stages.map((row) => row.sales_stage || "")] },
		}));
	},
});
