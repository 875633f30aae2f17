// Opportunities chosen in a list are lost for the same reasons, asked once; the answer says which refused and why.
frappe.provide("crm_pipeline");

crm_pipeline.ask_lost_of_chosen = (list) => {
	const opportunities = list.get_checked_items(true);
	const dialog = new frappe.ui.Dialog({
		title:
			opportunities.length === 1
				? __("Declare 1 Opportunity Lost")
				: __("Declare {0} Opportunities Lost", [opportunities.length]),
		fields: [
			...crm_pipeline.lost_fields(),
			{
				fieldname: "lose_quotations",
				fieldtype: "Check",
				label: __("Lose their open quotations too"),
				description: __("An opportunity with an open quotation is refused otherwise."),
			},
		],
		primary_action_label: __("Declare Lost"),
		primary_action: ({ competitors = [], ...values }) =>
			frappe.call({
				method: "crm_pipeline.api.opportunities.declare_lost",
				args: { opportunities, competitors, ...values },
				freeze: true,
				callback() {
					dialog.hide();
					list.clear_checked_items();
					list.refresh();
				},
			}),
	});
	dialog.show();
};
