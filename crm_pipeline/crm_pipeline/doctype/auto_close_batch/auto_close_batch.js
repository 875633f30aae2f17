frappe.ui.form.on("Auto Close Batch", {
	refresh(frm) {
		frm.disable_save();
		list_opportunities(frm);
		const { status, closed, undone, not_restored } = frm.doc;
		const undoable = ["Done", "Partly Undone"].includes(status) && closed > undone + not_restored;
		if (undoable && frappe.model.can_write("Selling Settings")) {
			frm.add_custom_button(__("Bring Back"), () => ask_to_undo(frm)).addClass("btn-danger");
		}
	},
});

// What Frappe shows as a number under Connections, by name.
function list_opportunities(frm) {
	const escape = frappe.utils.escape_html;
	const rows = (frm.doc.__onload?.opportunities || []).map(
		({ opportunity, title, result, why, owner_name }) => `<tr>
			<td><a href="${frappe.utils.get_form_link("Opportunity", opportunity)}" dir="auto">${escape(title)}</a></td>
			<td>${escape(owner_name || "")}</td>
			<td>${escape(__(result))}</td>
			<td>${escape(why || "")}</td>
		</tr>`
	);
	const more = frm.doc.closed + frm.doc.skipped - rows.length;
	const all_html = more > 0 ? `<a href="#" class="all-opportunities">${__("Show All")}</a>` : "";
	frm.fields_dict.opportunities.$wrapper
		.html(
			rows.length
				? `<table class="table table-sm"><thead><tr>
					<th>${__("Opportunity")}</th><th>${__("Owner")}</th><th>${__("Result")}</th><th>${__("Why")}</th>
				</tr></thead><tbody>${rows.join("")}</tbody></table>${all_html}`
				: ""
		)
		.find(".all-opportunities")
		.on("click", (event) => {
			event.preventDefault();
			frappe.set_route("List", "Auto Closed Opportunity", { batch: frm.docname });
		});
}

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
	if (message.queued) {
		tell_that_it_goes_on(message.queued);
	} else {
		show_what_came_back(frm, message);
	}
}

function tell_that_it_goes_on(queued) {
	frappe.show_alert({
		indicator: "blue",
		message: __("Opportunities being brought back: {0}. A notification tells you when it is done.", [queued]),
	});
}

function show_what_came_back(frm, message) {
	const left = `<a href="#" class="not-restored">${cint(message.left)}</a>`;
	const dialog = frappe.msgprint({
		title: __("Undone"),
		indicator: message.left ? "orange" : "green",
		message: message.left
			? __(
					"Opportunities that are as they were before: {0}. Not restored, since somebody had touched them: {1}.",
					[message.undone, left]
			  )
			: __("Opportunities that are as they were before: {0}.", [message.undone]),
	});
	dialog.$wrapper.find(".not-restored").on("click", (event) => {
		event.preventDefault();
		dialog.hide();
		frappe.set_route("List", "Auto Closed Opportunity", { batch: frm.docname, result: "Not Restored" });
	});
}
