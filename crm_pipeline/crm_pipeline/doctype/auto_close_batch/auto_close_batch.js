frappe.ui.form.on("Auto Close Batch", {
	refresh(frm) {
		frm.disable_save();
		const undoable = ["Done", "Partly Undone"].includes(frm.doc.status) && frm.doc.closed > frm.doc.undone;
		if (undoable && frappe.user.has_role(["Sales Manager", "System Manager"])) {
			frm.add_custom_button(__("Undo"), () => ask_to_undo(frm)).addClass("btn-danger");
		}
	},
});

function ask_to_undo(frm) {
	const question = __(
		"Bring back the opportunities that were closed ({0})? Those that somebody has touched since stay as they are, and are listed.",
		[frm.doc.closed]
	);
	frappe.confirm(question, () => undo(frm));
}

async function undo(frm) {
	const { message } = await frappe.call({
		method: "crm_pipeline.api.auto_close.undo_auto_close",
		args: { batch: frm.docname },
		freeze: true,
		freeze_message: __("Bringing them back"),
	});
	await frm.reload_doc();
	const left = `<a href="#" class="left-alone">${__("{0} were left", [message.left])}</a>`;
	const dialog = frappe.msgprint({
		title: __("Undone"),
		indicator: message.left ? "orange" : "green",
		message:
			__("{0} opportunities are as they were before.", [message.undone]) +
			(message.left ? ` ${left}, ${__("since somebody had touched them.")}` : ""),
	});
	dialog.$wrapper.find(".left-alone").on("click", (event) => {
		event.preventDefault();
		dialog.hide();
		frappe.set_route("List", "Auto Closed Opportunity", { batch: frm.docname, result: "Left" });
	});
}
