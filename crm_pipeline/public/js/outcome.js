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

// What a dialog below acts on: its document, and how a method of that is run.
crm_pipeline.on_form = (frm) => ({
	doc: frm.doc,
	run: (method, args, done) => crm_pipeline.run_method(frm, method, args, done),
});

crm_pipeline.declare_lost = (frm) => crm_pipeline.ask_lost(crm_pipeline.on_form(frm));

crm_pipeline.ask_lost = ({ doc, run }) => {
	const { open_quotations: standing = [], why_not_lost_too_html } = doc.__onload?.desk || {};
	const links = standing.map((name) =>
		frappe.utils.get_form_link("Quotation", name, true, frappe.utils.escape_html(name))
	);
	if (why_not_lost_too_html) {
		const notice_html = __("Quotation {0} is still open.", [links.join(", ")]);
		frappe.msgprint({
			title: __("Quotation Stands"),
			indicator: "orange",
			message: `${notice_html}<br>${why_not_lost_too_html}`,
		});
		return;
	}
	const from_status = doc.status;
	const dialog = new frappe.ui.Dialog({
		title: __("Declare Lost: {0}", [frappe.utils.escape_html(doc.title || doc.name)]),
		fields: [
			...quotation_fields(standing, links),
			...crm_pipeline.lost_fields((doc.competitors || []).map((row) => row.competitor)),
		],
		primary_action_label: __("Declare Lost"),
		primary_action: ({ competitors = [], ...values }) =>
			run("declare_lost", { ...values, competitors, from_status }, () => dialog.hide()),
	});
	dialog.show();
};

// Why something is lost.
crm_pipeline.lost_fields = (competitors = []) => [
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
		default: competitors,
	},
	{ fieldname: "detailed_reason", fieldtype: "Small Text", label: __("Detailed Reason") },
];

// An open quotation stands against losing its opportunity, unless it is lost too.
function quotation_fields(standing, links) {
	if (!standing.length) {
		return [];
	}
	const notice_html = __("Quotation {0} is still open.", [links.join(", ")]);
	return [
		{
			fieldname: "notice",
			fieldtype: "HTML",
			options: `<div class="alert alert-warning">${notice_html}</div>`,
		},
		{
			fieldname: "lose_quotations",
			fieldtype: "Check",
			label: __("Lose it too, for the same reasons"),
			reqd: 1,
			default: 1,
		},
	];
}

function names_of(doctype) {
	return async (text) => {
		const rows = await frappe.db.get_link_options(doctype, text);
		return rows.map((row) => ({ ...row, label: __(row.value) }));
	};
}

crm_pipeline.ask_pause = ({ doc, run }) => {
	const from_status = doc.status;
	const dialog = new frappe.ui.Dialog({
		title: __("Pause: {0}", [frappe.utils.escape_html(doc.title)]),
		fields: [
			{
				fieldname: "until",
				fieldtype: "Date",
				label: __("Paused Until"),
				default: frappe.datetime.add_months(frappe.datetime.get_today(), 1),
				reqd: 1,
			},
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Pause Reason") },
		],
		primary_action_label: __("Pause"),
		primary_action: (values) => run("pause", { ...values, from_status }, () => dialog.hide()),
	});
	dialog.show();
};
