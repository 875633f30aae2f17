// What opportunities and quotations share about how they end.
frappe.provide("crm_pipeline");

// Call a method of the document; its arguments say from which state, as it was when the user looked. It works on what is saved, so what was typed is saved first; the form is read anew.
crm_pipeline.run_method = async (frm, method, args = {}, done = () => {}) => {
	if (frm.is_dirty()) {
		await frm.save(frm.doc.docstatus === 1 ? "Update" : "Save");
		if (frm.is_dirty()) {
			return;
		}
	}
	frm.retry = (override_reason) =>
		crm_pipeline.run_method(frm, method, { ...args, override_reason }, done);
	return frm.call({
		doc: frm.doc,
		method,
		args,
		freeze: true,
		callback: () => {
			done();
			frm.reload_doc();
		},
	});
};

crm_pipeline.declare_lost = (frm, notice) => {
	const from_status = frm.doc.status;
	const names_of = (doctype) => async (text) => {
		const rows = await frappe.db.get_link_options(doctype, text);
		return rows.map((row) => ({ ...row, label: __(row.value) }));
	};
	const dialog = new frappe.ui.Dialog({
		title: __("Declare Lost: {0}", [frappe.utils.escape_html(frm.doc.title || frm.doc.name)]),
		fields: [
			{ fieldname: "notice", fieldtype: "HTML", options: notice, hidden: !notice },
			{
				fieldname: "lost_reasons",
				fieldtype: "MultiSelectPills",
				label: __("Lost Reasons"),
				reqd: 1,
				get_data: names_of("Lost Reason"),
			},
			{
				fieldname: "competitors",
				fieldtype: "MultiSelectPills",
				label: __("Competitors"),
				get_data: names_of("Competitor"),
				default: (frm.doc.competitors || []).map((row) => row.competitor),
			},
			{ fieldname: "detailed_reason", fieldtype: "Small Text", label: __("Detailed Reason") },
		],
		primary_action_label: __("Declare Lost"),
		primary_action: (values) =>
			crm_pipeline.run_method(
				frm,
				"declare_lost",
				{ ...values, competitors: values.competitors || [], from_status },
				() => dialog.hide()
			),
	});
	dialog.show();
};
