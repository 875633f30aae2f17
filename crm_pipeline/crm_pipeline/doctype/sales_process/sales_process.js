frappe.ui.form.on("Sales Process", {
	setup(frm) {
		frm.set_query("sales_stage", "stages", () => ({
			filters: { name: ["not in", frm.doc.stages.map((row) => row.sales_stage || "")] },
		}));
		frm.set_query("sales_stage", "requirements", () => ({
			filters: { name: ["in", frm.doc.stages.map((row) => row.sales_stage || "")] },
		}));
	},

	refresh(frm) {
		frappe.model.with_doctype("Opportunity", () => {
			const fields = frappe.meta
				.get_docfields("Opportunity")
				.filter((df) => !frappe.model.no_value_type.includes(df.fieldtype) || df.options)
				.filter((df) => df.label && !df.hidden && !df.read_only && df.fieldtype !== "HTML")
				.map((df) => ({ value: df.fieldname, label: frappe.utils.escape_html(__(df.label)) }));
			frm.fields_dict.requirements.grid.update_docfield_property("fieldname", "options", fields);
		});
	},
});
