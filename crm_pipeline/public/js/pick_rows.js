// Rows of a form's table to pick from; all are picked at first, or those that are ticked in the table.
frappe.provide("crm_pipeline");

// `action` gets the values of the dialog, with the names of the rows in `items`, and what closes it.
crm_pipeline.pick_rows = ({ frm, rows, title, fields = [], primary_action_label, action }) => {
	const ticked = frm.get_selected().items || [];
	const is_picked = ({ name }) => !ticked.length || ticked.includes(name);
	const dialog = new frappe.ui.Dialog({
		title,
		fields: [
			...fields,
			{
				fieldname: "items",
				fieldtype: "MultiCheck",
				label: __("Items"),
				columns: 1,
				select_all: rows.length > 3,
				sort_options: false,
				options: rows.map((row) => ({
					value: row.name,
					label: crm_pipeline.row_in_words(frm, row),
					checked: is_picked(row),
				})),
			},
		],
		primary_action_label,
		primary_action: (values) => {
			if (!values.items.length) {
				frappe.msgprint({
					title: __("Nothing Picked"),
					message: __("Pick at least one row."),
					indicator: "orange",
				});
				return;
			}
			action(values, () => dialog.hide());
		},
	});
	dialog.show();
};

crm_pipeline.row_in_words = (frm, row) => {
	const { currency } = frm.doc;
	const quantity = `${format_number(row.qty, null, crm_pipeline.places_of(row.qty))} ${row.uom || ""}`;
	const amount = format_currency(row.amount, currency, crm_pipeline.decimals(currency));
	return frappe.utils.escape_html(
		`${row.idx}. ${row.item_name || row.item_code}, ${quantity.trim()}: ${amount}`
	);
};
