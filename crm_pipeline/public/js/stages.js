// Stages on the form of an opportunity: the clock, the change of process, and passing over what a stage requires.
frappe.provide("crm_pipeline");

frappe.ui.form.on("Opportunity", {
	validate(frm) {
		frm.retry = (override_reason) => {
			frm.doc.override_reason = override_reason;
			frm.save();
		};
	},

	async before_workflow_action(frm) {
		const transitions = await frappe.workflow.get_transitions(frm.doc);
		const { next_state } = transitions.find(({ action }) => action === frm.selected_workflow_action);
		const { stages } = frm.doc.__onload.desk;
		if (stages.find(({ name }) => name === next_state)?.type === "Lost") {
			frappe.dom.unfreeze();
			crm_pipeline.declare_lost(frm);
			throw new Error(__("Losing goes through its dialog."));
		}
	},
});

// A line on how long the opportunity is in its stage and on the way, and how its closing date was postponed.
crm_pipeline.progress_line = (frm) => {
	const progress = frm.doc.__onload?.desk?.progress;
	if (frm.is_new() || !progress) {
		return "";
	}
	const { days_in_stage, total_days, closing_pushed, closing_pushed_days } = progress;
	const days = (number) => (number === 1 ? __("1 day") : __("{0} days", [number]));
	const facts = [__("{0} in total", [days(total_days)])];
	if (days_in_stage !== null) {
		facts.unshift(__("{0} in this stage", [days(days_in_stage)]));
	}
	if (closing_pushed === 1) {
		facts.push(__("closing postponed once, by {0}", [days(closing_pushed_days)]));
	} else if (closing_pushed) {
		facts.push(
			__("closing postponed {0} times, by {1}", [closing_pushed, days(closing_pushed_days)])
		);
	}
	return `<div class="small text-muted" style="margin-top: 8px">${facts.join(" · ")}</div>`;
};

// After another process was chosen: keep a stage of the same name, else ask for one. An ended opportunity needs none,
// since the server finds the stage of its type.
crm_pipeline.choose_stage = (frm, stages, former_process) => {
	const known = stages.some((stage) => stage.name === frm.doc.sales_stage);
	if (frm.is_new() || known || frappe.boot.crm_pipeline.statuses.ended.includes(frm.doc.status)) {
		return;
	}
	let chosen = false;
	const dialog = new frappe.ui.Dialog({
		title: __("Stage in {0}", [frappe.utils.escape_html(frm.doc.sales_process)]),
		fields: [
			{
				fieldname: "sales_stage",
				fieldtype: "Select",
				label: __("Sales Stage"),
				options: stages.filter(({ type }) => type === "Open").map(({ name }) => name),
				reqd: 1,
			},
		],
		primary_action_label: __("Choose"),
		primary_action({ sales_stage }) {
			chosen = true;
			dialog.hide();
			frm.set_value("sales_stage", sales_stage);
		},
	});
	dialog.onhide = () => chosen || frm.set_value("sales_process", former_process);
	dialog.show();
};

function ask_for_override(response) {
	const frm = window.cur_frm;
	const message_html = JSON.parse(JSON.parse(response._server_messages)[0]).message;
	if (!frm?.retry || frm.doctype !== "Opportunity" || !frappe.model.can_write("Selling Settings")) {
		frappe.msgprint({ title: __("Stage Requirements Missing"), message: message_html, indicator: "red" });
		return;
	}
	const dialog = new frappe.ui.Dialog({
		title: __("Stage Requirements Missing"),
		fields: [
			{ fieldname: "missing", fieldtype: "HTML", options: `<p>${message_html}</p>` },
			{
				fieldname: "override_reason",
				fieldtype: "Data",
				label: __("Reason to Pass"),
				description: __("Recorded in the history."),
				reqd: 1,
			},
		],
		primary_action_label: __("Pass Anyway"),
		primary_action({ override_reason }) {
			dialog.hide();
			frm.retry(override_reason);
		},
	});
	dialog.show();
}

if (!crm_pipeline.asks_for_override) {
	crm_pipeline.asks_for_override = true;
	frappe.request.on_error("StageRequirementsMissing", ask_for_override);
}
