// Asking suppliers for rates, and what has become of it.
frappe.provide("crm_pipeline");

crm_pipeline.REQUESTS = "crm_pipeline.api.supplier_requests";

crm_pipeline.ask_suppliers = async (frm) => {
	if (frm.is_dirty()) {
		await frm.save();
		if (frm.is_dirty()) {
			return;
		}
	}
	const escape = frappe.utils.escape_html;
	const rows = frm.doc.items.map((row) => ({
		label: escape(`${row.item_name || row.item_code}: ${row.qty} ${__(row.uom)}`),
		value: row.name,
		checked: 1,
	}));
	const dialog = new frappe.ui.Dialog({
		title: __("Request for Rates: {0}", [escape(frm.doc.title)]),
		fields: [
			{
				fieldname: "suppliers",
				fieldtype: "MultiSelectPills",
				label: __("Suppliers"),
				get_data: (text) => frappe.db.get_link_options("Supplier", text, { disabled: 0 }),
				reqd: 1,
			},
			{
				fieldname: "items",
				fieldtype: "MultiCheck",
				label: __("Items"),
				options: rows,
				columns: 1,
				sort_options: false,
				select_all: rows.length > 3,
			},
			{
				fieldname: "answer_by",
				fieldtype: "Date",
				label: __("Answer By"),
				default: frappe.datetime.add_days(frappe.datetime.get_today(), 7),
			},
			{
				fieldname: "message",
				fieldtype: "Small Text",
				label: __("Message"),
				description: __("Stands in the mail. Suppliers see neither the customer nor their prices."),
			},
			{
				fieldname: "send",
				fieldtype: "Check",
				label: __("Send by mail with a link to answer"),
				default: 1,
			},
		],
		primary_action_label: __("Ask"),
		primary_action({ suppliers, items, answer_by, message, send }) {
			if (!items?.length) {
				frappe.msgprint(__("Choose at least one item."));
				return;
			}
			frappe.call({
				method: `${crm_pipeline.REQUESTS}.request_rates`,
				args: { opportunity: frm.doc.name, suppliers, items, answer_by, message, send: send ? 1 : 0 },
				freeze: true,
				callback: () => {
					dialog.hide();
					frm.reload_doc();
				},
			});
		},
	});
	dialog.show();
};

// On an opportunity: each supplier with how they stand, leading to their request.
crm_pipeline.show_requests = (frm, requests = []) => {
	for (const { name, supplier_name, request_status } of requests) {
		const label = `${supplier_name}: ${__(request_status)}`;
		const color = frappe.boot.crm_pipeline.request_colors[request_status];
		const indicator = frm.dashboard.add_indicator(frappe.utils.escape_html(label), color);
		indicator
			.css("cursor", "pointer")
			.attr({ role: "link", tabindex: 0 })
			.on("click keydown", ({ type, key }) => {
				if (type === "click" || key === "Enter") {
					frappe.set_route("Form", "Supplier Quotation", name);
				}
			});
	}
};

// On the request itself: how it stands, and what the buyer may do.
crm_pipeline.show_request = (frm) => {
	const { docstatus, request_status, name, contact_email } = frm.doc;
	if (frm.is_new() || docstatus || !request_status) {
		return;
	}
	frm.page.set_indicator(
		__(request_status),
		frappe.boot.crm_pipeline.request_colors[request_status]
	);
	if (!frm.perm[0].write) {
		return;
	}
	const call = (method) =>
		frappe
			.call({ method: `${crm_pipeline.REQUESTS}.${method}`, args: { name }, freeze: true })
			.then(() => frm.reload_doc());
	if (contact_email) {
		frm.add_custom_button(__("Send Again"), () => call("resend_request"), __("Request"));
	}
	frm.add_custom_button(
		__("Withdraw"),
		() =>
			frappe.confirm(__("Withdraw the request? Its link opens nothing any more; the draft stays."), () =>
				call("cancel_request")
			),
		__("Request")
	);
};
