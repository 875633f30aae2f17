// Opportunities chosen in a list get the same owner, stage or pause, asked once; who refuses is named, with the reason.
frappe.provide("crm_pipeline.bulk");

crm_pipeline.bulk.add_to = (list) => {
	const entries = [
		[__("Assign Owner"), ask_owner],
		[__("Move to Stage"), ask_stage],
		[__("Pause Until"), ask_pause],
		[__("Declare Lost"), crm_pipeline.ask_lost_of_chosen],
	];
	for (const [label, ask] of entries) {
		list.page.add_actions_menu_item(label, () => ask(list));
	}
};

function ask_owner(list) {
	show_dialog(list, __("Assign Owner"), "assign", [
		{
			fieldname: "owner",
			fieldtype: "Link",
			options: "User",
			label: __("Opportunity Owner"),
			reqd: 1,
			get_query: () => ({ filters: { enabled: 1, user_type: "System User" } }),
		},
	]);
}

async function ask_stage(list) {
	const processes = new Set(list.get_checked_items().map((row) => row.sales_process));
	const fields = [
		{
			fieldname: "sales_stage",
			fieldtype: "Select",
			label: __("Sales Stage"),
			options: await open_stages([...processes].filter(Boolean)),
			reqd: 1,
		},
	];
	if (frappe.model.can_write("Selling Settings")) {
		fields.push({
			fieldname: "override_reason",
			fieldtype: "Data",
			label: __("Reason to Pass"),
			description: __("Passes over what the stage requires. Recorded in the history."),
		});
	}
	show_dialog(list, __("Move to Stage"), "move", fields);
}

// What is lost needs reasons, and what is won its revenue: both have dialogs of their own.
async function open_stages(processes) {
	const docs = await Promise.all(processes.map((name) => frappe.model.with_doc("Sales Process", name)));
	const rows = docs.flatMap((process) => process.stages.filter((row) => row.stage_type === "Open"));
	const names = [...new Set(rows.map((row) => row.sales_stage))];
	return names.map((value) => ({ value, label: __(value) }));
}

function ask_pause(list) {
	show_dialog(list, __("Pause Until"), "pause", [
		{
			fieldname: "until",
			fieldtype: "Date",
			label: __("Paused Until"),
			default: frappe.datetime.add_months(frappe.datetime.get_today(), 1),
			reqd: 1,
		},
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Pause Reason") },
	]);
}

function show_dialog(list, label, action, fields) {
	const chosen = list.get_checked_items();
	const opportunities = chosen.map((row) => row.name);
	const subject = chosen.length === 1 ? chosen[0].title : __("{0} opportunities", [chosen.length]);
	// Of this dialog: sent twice, it is done once.
	const request_id = `desk-${frappe.utils.get_random(24)}`;
	const dialog = new frappe.ui.Dialog({
		title: frappe.utils.escape_html(`${label}: ${subject}`),
		fields,
		primary_action_label: label,
		primary_action: (values) =>
			frappe.call({
				method: "crm_pipeline.api.opportunities.act_on_many",
				args: { opportunities, action, args: values, request_id },
				freeze: true,
				callback({ message }) {
					dialog.hide();
					show_outcome(label, message, chosen);
					list.clear_checked_items();
					list.refresh();
				},
			}),
	});
	dialog.show();
}

function show_outcome(title, { done, refused, queued }, chosen) {
	if (queued) {
		const told = __("{0} opportunities are changed in the background. A notification tells which refused.", [
			cint(queued),
		]);
		frappe.show_alert({ message: told, indicator: "blue" });
	}
	if (done.length) {
		frappe.show_alert({ message: __("{0} changed", [done.length]), indicator: "green" });
	}
	const names = Object.keys(refused);
	if (names.length) {
		const escape = frappe.utils.escape_html;
		const title_of = Object.fromEntries(chosen.map((row) => [row.name, row.title]));
		const lines_html = names.map((name) => {
			const link_html = frappe.utils.get_form_link("Opportunity", name, true, escape(title_of[name] || name));
			return `<li>${link_html}: ${escape(refused[name])}</li>`;
		});
		const told_html = `<p>${__("{0} refused:", [names.length])}</p><ul>${lines_html.join("")}</ul>`;
		frappe.msgprint({ title, message: told_html, indicator: "orange" });
	}
}
