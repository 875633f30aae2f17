// What speaks against submitting a quotation is told before, and asked about.
frappe.ui.form.on("Quotation", {
	refresh(frm) {
		if (frm.doc.__onload?.needs_margin_pass) {
			frm.add_custom_button(__("Pass Margin"), () => crm_pipeline.run_method(frm, "pass_margin"));
		}
	},

	async before_submit(frm) {
		frm.doc.__warnings_seen = 0;
		const { message } = await frappe.call({
			method: "crm_pipeline.api.quotations.quotation_warnings",
			type: "GET",
			args: { quotation: frm.doc.name },
		});
		if (message.warnings.length && !(await agrees(message))) {
			frappe.validated = false;
			return;
		}
		frm.doc.__warnings_seen = 1;
	},
});

// Whoever may not pass a margin below the floor is told, and has nothing to agree to.
function agrees({ warnings, may_pass }) {
	const refused = !may_pass && warnings.some(({ kind }) => kind === "margin");
	const lines_html = warnings.map(({ message: message_html }) => `<li>${message_html}</li>`).join("");
	return new Promise((resolve) => {
		const dialog = new frappe.ui.Dialog({
			title: __("Before You Submit"),
			fields: [{ fieldname: "warnings", fieldtype: "HTML", options: `<ul>${lines_html}</ul>` }],
			primary_action_label: refused ? __("Back") : __("Submit All the Same"),
			primary_action() {
				resolve(!refused);
				dialog.hide();
			},
			onhide: () => resolve(false),
		});
		if (!refused) {
			dialog.set_secondary_action_label(__("Back"));
			dialog.set_secondary_action(() => dialog.hide());
		}
		dialog.show();
	});
}
