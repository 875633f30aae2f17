{% include "crm_pipeline/public/js/report_filters.js" %}

frappe.query_reports["Activities and Tasks"] = {
	filters: [
		crm_pipeline.filters.one_of("kind", __("Kind"), {
			All: __("All"),
			"Follow-up": __("Follow-ups"),
			Task: __("Tasks"),
			Event: __("Events"),
			Email: __("Emails"),
			Call: __("Calls"),
			Meeting: __("Meetings"),
		}),
		crm_pipeline.filters.one_of("state", __("Due"), {
			Open: __("Not Done"),
			Overdue: __("Overdue"),
			Today: __("Today"),
			"This Week": __("This Week"),
			Later: __("Later"),
			"Without Date": __("Without Date"),
			Done: __("Done"),
			All: __("All"),
		}),
		crm_pipeline.filters.day("done_since", __("Done Since"), -30),
		crm_pipeline.filters.several("user", __("User"), "User"),
		crm_pipeline.filters.several("sales_process", __("Sales Process"), "Sales Process"),
		{ fieldname: "delegated", label: __("Delegated by Me"), fieldtype: "Check", default: 0 },
	],
	formatter(value, row, column, data, default_formatter) {
		const shown_html = default_formatter(value, row, column, data);
		const is_late = data?.is_overdue && ["state", "at"].includes(column.fieldname);
		return is_late ? `<span style="color: var(--crm-late, var(--red-600))">${shown_html}</span>` : shown_html;
	},
};
