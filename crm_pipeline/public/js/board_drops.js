// A card dropped where a status needs more than its name: its dialog asks for it, as on the form.
frappe.provide("crm_pipeline");

crm_pipeline.asks_on_board = {
	LostReasonsMissing: (target) => crm_pipeline.ask_lost(target),
	ActiveQuotationStands: (target) => crm_pipeline.ask_lost(target),
	PauseDateMissing: (target) => crm_pipeline.ask_pause(target),
};

crm_pipeline.on_board = (doc) => ({
	doc,
	run: (method, args, done) =>
		frappe
			.xcall("run_doc_method", { dt: doc.doctype, dn: doc.name, method, args: JSON.stringify(args) })
			.then(() => {
				done();
				window.cur_list?.refresh();
			}),
});

crm_pipeline.ask_on_board = async (ask, { opportunity, _server_messages }) => {
	if (window.cur_list?.view_name !== "Kanban" || !opportunity) {
		frappe.msgprint(JSON.parse(_server_messages));
		return;
	}
	frappe.model.remove_from_locals("Opportunity", opportunity);
	await frappe.model.with_doc("Opportunity", opportunity);
	ask(crm_pipeline.on_board(frappe.get_doc("Opportunity", opportunity)));
};

if (!crm_pipeline.asks_after_drops) {
	crm_pipeline.asks_after_drops = true;
	for (const [refusal, ask] of Object.entries(crm_pipeline.asks_on_board)) {
		frappe.request.on_error(refusal, (response) => crm_pipeline.ask_on_board(ask, response));
	}
}
