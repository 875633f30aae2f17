{% include "crm_pipeline/public/js/list_columns.js" %}

// History keeps values as text, in no language.
function show_value(value, df, doc) {
	const change = doc.undone_change || doc.change;
	const numbers = ["Amount", "Rate", "Probability", "Stage Probability"];
	const shown = () => {
		if (!value) {
			return "";
		}
		if (numbers.includes(change)) {
			return crm_pipeline.columns.number(value);
		}
		if (["Expected Closing", "Follow-up"].includes(change)) {
			return frappe.datetime.str_to_user(value);
		}
		if (["Status", "Stage", "Process"].includes(change)) {
			return __(value, null, change === "Status" ? "Opportunity" : null);
		}
		return change === "Owner" ? frappe.user.full_name(value) : value;
	};
	return crm_pipeline.columns.text(shown());
}

function show_change(value, df, { undone_change }) {
	return crm_pipeline.columns.text(undone_change ? __("Undone: {0}", [__(undone_change)]) : __(value));
}

frappe.listview_settings["Pipeline Change"] = {
	hide_name_column: true,
	add_fields: ["undone_change"],
	onload(list) {
		crm_pipeline.columns.name_users(list, "by");
		crm_pipeline.columns.show(list);
	},
	formatters: {
		change: show_change,
		old_value: show_value,
		new_value: show_value,
		at: crm_pipeline.columns.moment,
		by: crm_pipeline.columns.user,
	},
};
