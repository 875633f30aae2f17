// Handing over a user's pipeline, from the user and from Selling Settings.
frappe.provide("crm_pipeline");

frappe.ui.form.on("User", {
	refresh(frm) {
		if (!frm.is_new() && can_hand_over()) {
			// In the menu: one more button would push Save out of a narrow window.
			frm.page.add_menu_item(__("Hand Over Pipeline"), () => crm_pipeline.hand_over(frm.docname));
		}
	},
	enabled(frm) {
		// Frappe triggers this on every refresh too.
		if (!frm.doc.enabled && frm.is_dirty() && !frm.is_new() && can_hand_over()) {
			ask_before_disabling(frm);
		}
	},
});

frappe.ui.form.on("Selling Settings", {
	refresh(frm) {
		if (can_hand_over()) {
			frm.add_custom_button(__("Hand Over Pipeline"), () => crm_pipeline.hand_over());
		}
	},
});

crm_pipeline.hand_over = (from_user, notice) => {
	const dialog = new frappe.ui.Dialog({
		title: __("Hand Over Pipeline"),
		fields: [
			{ fieldname: "notice", fieldtype: "HTML", options: notice, hidden: !notice },
			{
				fieldname: "from_user",
				fieldtype: "Link",
				options: "User",
				label: __("From"),
				default: from_user,
				read_only: from_user ? 1 : 0,
				reqd: 1,
				ignore_user_permissions: 1,
				get_query: () => ({ filters: { enabled: ["in", [0, 1]] } }),
				change: () => show_preview(dialog),
			},
			{
				fieldname: "to_user",
				fieldtype: "Link",
				options: "User",
				label: __("To"),
				reqd: 1,
				ignore_user_permissions: 1,
				get_query: () => ({
					filters: { enabled: 1, name: ["!=", dialog.get_value("from_user") || ""] },
				}),
			},
			{ fieldname: "preview", fieldtype: "HTML" },
		],
		primary_action_label: __("Hand Over"),
		primary_action: (values) => hand_over(dialog, values),
	});
	dialog.show();
	show_preview(dialog);
};

function can_hand_over() {
	const manages = frappe.model.can_write("Selling Settings");
	return manages && frappe.model.can_read("Opportunity");
}

function ask_before_disabling(frm) {
	const user = frm.docname;
	preview_of(user).then((preview) => {
		if (preview.total && frm.docname === user && !frm.doc.enabled) {
			const name = frappe.utils.escape_html(preview.full_name);
			const question_html = __("{0} still has work in the pipeline. Who takes it over?", [name.bold()]);
			crm_pipeline.hand_over(user, `<p>${question_html}</p>${rules_html(preview.rules)}`);
		}
	});
}

function rules_html(rules) {
	if (!rules.length) {
		return "";
	}
	const names = rules.map((rule) => frappe.utils.escape_html(rule).bold()).join(", ");
	const text_html = __(
		"If nobody does, open opportunities and leads are reassigned once the user is disabled, as far as a rule is for them: {0}.",
		[names]
	);
	return `<p>${text_html}</p>`;
}

function hand_over(dialog, { from_user, to_user }) {
	frappe
		.call({
			method: "crm_pipeline.api.handover.hand_over",
			args: { from_user, to_user },
			freeze: true,
			btn: dialog.get_primary_btn(),
		})
		.then(({ message: moved }) => {
			dialog.hide();
			const total = Object.values(moved).reduce((sum, names) => sum + names.length, 0);
			frappe.show_alert({ message: __("Records handed over: {0}", [total]), indicator: "green" });
		});
}

function preview_of(from_user) {
	return frappe
		.call({ method: "crm_pipeline.api.handover.preview_handover", type: "GET", args: { from_user } })
		.then(({ message }) => message);
}

function show_preview(dialog) {
	const from_user = dialog.get_value("from_user");
	const wrapper = dialog.fields_dict.preview.$wrapper.empty();
	if (from_user) {
		preview_of(from_user).then((preview) => {
			if (dialog.get_value("from_user") === from_user) {
				wrapper.html(preview_html(preview));
			}
		});
	}
}

function preview_html({ kinds, total }) {
	if (!total) {
		return `<p class="text-muted">${__("There is nothing to hand over.")}</p>`;
	}
	const rows = kinds.filter((kind) => kind.count).map(kind_html);
	return `<table class="table table-bordered"><tbody>${rows.join("")}</tbody></table>`;
}

function kind_html({ label, doctype, count, rows }) {
	const escape = frappe.utils.escape_html;
	const links = rows.map(({ name, title }) =>
		frappe.utils.get_form_link(doctype, name, true, escape(title || name))
	);
	const more_html = count > rows.length ? ` … ${__("and {0} more", [count - rows.length])}` : "";
	return `<tr><td class="text-nowrap">${escape(label)}</td><td class="text-right">${cint(count)}</td>
		<td>${links.join(", ")}${more_html}</td></tr>`;
}
