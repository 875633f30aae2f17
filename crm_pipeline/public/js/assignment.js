// Choosing among whom opportunities and leads are assigned, from Selling Settings.
frappe.provide("crm_pipeline");

const ASSIGNMENT = "crm_pipeline.api.assignment";
const SALES_USER = "Sales User";
const AUTOMATIC_ROLES = ["All", "Desk User", "Guest"]; // Frappe gives them to everybody

frappe.ui.form.on("Selling Settings", {
	refresh(frm) {
		const manages = frappe.model.can_write("Selling Settings");
		if (manages && frappe.model.can_read("Opportunity")) {
			frm.add_custom_button(__("Set Up Assignment"), () => crm_pipeline.set_up_assignment());
		}
	},
});

crm_pipeline.set_up_assignment = () => {
	const meta = ["Opportunity", "Lead"].map((doctype) => frappe.model.with_doctype(doctype));
	return Promise.all([get_rules(), ...meta]).then(([rules]) => show_dialog(rules));
};

function get_rules() {
	return frappe
		.call({ method: `${ASSIGNMENT}.get_rules`, type: "GET" })
		.then(({ message }) => message);
}

function show_dialog(rules) {
	const dialog = new frappe.ui.Dialog({
		title: __("Set Up Assignment"),
		fields: [
			{
				fieldname: "rule",
				fieldtype: "Select",
				label: __("Rule"),
				options: rules.map(({ name }) => ({ value: name, label: frappe.utils.escape_html(__(name)) })),
				default: rules[0]?.name,
				reqd: 1,
				change: () => show_rule(dialog),
			},
			{ fieldname: "state", fieldtype: "HTML" },
			{
				fieldname: "among",
				fieldtype: "Select",
				label: __("Assign Among"),
				options: [
					{ value: "users", label: __("Chosen users") },
					{ value: "role", label: __("All users of a role") },
				],
				default: "users",
			},
			{
				fieldname: "users",
				fieldtype: "MultiSelectPills",
				label: __("Users"),
				depends_on: "eval: doc.among === 'users'",
				get_data: (text) =>
					frappe.db.get_link_options("User", text, { enabled: 1, user_type: "System User" }),
			},
			{
				fieldname: "role",
				...roles_to_choose(),
				label: __("Role"),
				default: SALES_USER,
				depends_on: "eval: doc.among === 'role'",
			},
		],
		primary_action_label: __("Switch On"),
		primary_action: (values) => switch_on(dialog, values),
		secondary_action_label: __("Switch Off"),
		secondary_action: () => change(dialog, "disable_rule", { rule: dialog.get_value("rule") }),
	});
	dialog.rules = rules;
	dialog.show();
	show_rule(dialog);
}

// Whoever may not read roles chooses among their own: Frappe refuses a link to what one may not read.
function roles_to_choose() {
	if (frappe.model.can_read("Role")) {
		return {
			fieldtype: "Link",
			options: "Role",
			get_query: () => ({ filters: { disabled: 0, desk_access: 1 } }),
		};
	}
	const names = new Set([SALES_USER, ...frappe.user_roles]);
	const options = [...names].filter((name) => !AUTOMATIC_ROLES.includes(name));
	return {
		fieldtype: "Select",
		options: options.map((value) => ({ value, label: frappe.utils.escape_html(__(value)) })),
	};
}

function chosen_rule(dialog) {
	return dialog.rules.find(({ name }) => name === dialog.get_value("rule"));
}

function show_rule(dialog) {
	const rule = chosen_rule(dialog);
	if (!rule) {
		return;
	}
	const by_field = rule.rule === "Based on Field";
	dialog.set_df_property("among", "hidden", by_field);
	dialog.set_value("among", by_field ? "" : "users");
	dialog.set_value(
		"users",
		rule.users.map(({ user }) => user)
	);
	dialog.fields_dict.state.$wrapper.html(state_html(rule));
	dialog.set_primary_action(rule.enabled ? __("Save") : __("Switch On"), () =>
		switch_on(dialog, dialog.get_values())
	);
	dialog.get_secondary_btn().toggleClass("hide", !rule.enabled);
}

function state_html(rule) {
	const escape = frappe.utils.escape_html;
	const how_html = {
		"Round Robin": () => __("To one user after the other, in turn."),
		"Load Balancing": () => __("To whoever has the fewest open assignments."),
		"Based on Field": () => __("To the user in the field {0}.", [field_label(rule)]),
	}[rule.rule]();
	const switch_html = rule.enabled
		? `<span class="indicator-pill green">${__("On")}</span>`
		: `<span class="indicator-pill gray">${__("Off")}</span>`;
	const edit_html = frappe.model.can_write("Assignment Rule")
		? frappe.utils.get_form_link("Assignment Rule", rule.name, true, __("Days and conditions"))
		: "";
	const words_html = rule.condition_in_words
		? escape(rule.condition_in_words)
		: `${__("If")} <code>${escape(rule.assign_condition)}</code>`;
	return `<p>${switch_html} ${how_html} ${edit_html}</p><p class="text-muted small">${words_html}</p>`;
}

function field_label({ document_type, field }) {
	return `<b>${frappe.utils.escape_html(__(frappe.meta.get_label(document_type, field)))}</b>`;
}

function switch_on(dialog, values) {
	const { rule, among, users, role } = values;
	const whom = { users: { users: users || [] }, role: { role } }[among];
	change(dialog, "enable_rule", { rule, ...whom });
}

function change(dialog, method, args) {
	frappe
		.call({
			method: `${ASSIGNMENT}.${method}`,
			args,
			freeze: true,
			btn: dialog.get_primary_btn(),
		})
		.then(({ message: changed }) => {
			dialog.rules = dialog.rules.map((rule) => (rule.name === changed.name ? changed : rule));
			show_rule(dialog);
			const name = frappe.utils.escape_html(changed.name);
			const text = changed.enabled ? __("{0} is on", [name]) : __("{0} is off", [name]);
			frappe.show_alert({ message: text, indicator: changed.enabled ? "green" : "gray" });
		});
}
