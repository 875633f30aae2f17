// From Selling Settings: what auto-close would do tonight.
frappe.ui.form.on("Selling Settings", {
	refresh(frm) {
		if (frappe.model.can_read("Opportunity")) {
			frm.add_custom_button(__("Preview Auto-close"), () => preview_auto_close(frm));
		}
	},
});

const SHOWN = 20;
const REPORT = "Auto-close Preview";

async function preview_auto_close(frm) {
	if (frm.is_dirty()) {
		await frm.save();
	}
	const { message } = await frappe.call({
		method: "crm_pipeline.api.auto_close.preview_auto_close",
		type: "GET",
		args: { day: tonight(), limit: SHOWN },
	});
	const dialog = new frappe.ui.Dialog({
		title: __("Auto-close Preview"),
		size: "large",
		fields: [{ fieldname: "rows", fieldtype: "HTML", options: as_table(message) }],
	});
	if (frappe.boot.user.all_reports?.[REPORT]) {
		dialog.set_primary_action(__("Show in Report"), () => {
			dialog.hide();
			frappe.set_route("query-report", REPORT, { day: tonight() });
		});
	}
	dialog.show();
}

// The nightly run belongs to the day that begins with it.
function tonight() {
	return frappe.datetime.add_days(frappe.datetime.get_today(), 1);
}

function as_table({ after_days, total, rows }) {
	const escape = frappe.utils.escape_html;
	if (!after_days) {
		return `<p>${__("Auto-close is off: the limit is 0 days.")}</p>`;
	}
	if (!total) {
		return `<p>${__("Nothing is due after {0} days: tonight nothing is closed.", [after_days])}</p>`;
	}
	const line = (row) => `<tr>
		<td><a href="${frappe.utils.get_form_link("Opportunity", row.name)}">${escape(row.title)}</a></td>
		<td>${escape(row.owner_name || "")}</td>
		<td class="text-right">${cint(row.days_inactive)}</td>
		<td>${row.result === "Closed" ? "" : `<b>${escape(__(row.result))}</b>: `}${escape(row.why)}</td>
	</tr>`;
	return `<p>${__("Opportunities that would be closed or skipped tonight, the longest inactive first: {0}", [total])}</p>
		<table class="table table-sm"><thead><tr>
			<th>${__("Opportunity")}</th><th>${__("Owner")}</th>
			<th class="text-right">${__("Days")}</th><th>${__("Why")}</th>
		</tr></thead><tbody>${rows.map(line).join("")}</tbody></table>`;
}
