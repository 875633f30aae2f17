{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}

frappe.provide("crm_pipeline.forecast");

// Columns whose figures lead to a list of opportunities: those that were won, or those in play.
crm_pipeline.forecast.leads_to = { won: "Won", weighted: "In Play", opportunities: "In Play" };

crm_pipeline.forecast.long_ago = "1900-01-01";

frappe.query_reports["Forecast"] = {
	formatter: (value, row, column, data, default_formatter) => {
		const shown_html = crm_pipeline.reports.formatter(value, row, column, data, default_formatter);
		if (data?.bold) return shown_html;
		const which = crm_pipeline.forecast.leads_to[column.fieldname];
		if (!which || !data?.kind || !value) return shown_html;
		return `<a href="#" class="crm-forecast" data-which="${frappe.utils.escape_html(which)}" data-label="${frappe.utils.escape_html(
			data.label,
		)}">${shown_html}</a>`;
	},
	onload: (report) => {
		// All reports are shown on one page, which keeps what listens there.
		report.page.main.off("click.crm_forecast").on("click.crm_forecast", ".crm-forecast", (event) => {
			event.preventDefault();
			const { which, label } = event.currentTarget.dataset;
			const row = report.data.find((each) => each.label === label && each.kind);
			frappe.route_options = crm_pipeline.forecast.list_filters(which, row, report.get_filter_values());
			frappe.set_route("List", "Opportunity", "List");
		});
	},
	filters: [
		crm_pipeline.filters.one_of("range", __("Period"), {
			Monthly: __("Monthly"),
			Quarterly: __("Quarterly"),
		}),
		crm_pipeline.filters.day("from_date", __("From Date"), 0),
		crm_pipeline.filters.day("to_date", __("To Date"), 335),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("sales_process", __("Sales Process"), "Sales Process"),
	],
};

// The filters of the list with the opportunities behind a figure.
crm_pipeline.forecast.list_filters = (which, row, filters) => {
	const found = {};
	if (row.owners.length) found.opportunity_owner = ["in", row.owners];
	if (filters.sales_process?.length) found.sales_process = ["in", filters.sales_process];
	if (which === "Won") {
		return { ...found, status: "Converted", closed_on: ["between", [row.first_day, row.last_day]] };
	}
	const closing = {
		// "<" would find what has no date too.
		Overdue: ["between", [crm_pipeline.forecast.long_ago, frappe.datetime.add_days(frappe.datetime.get_today(), -1)]],
		"Without Date": ["is", "not set"],
		Period: ["between", [row.first_open_day, row.last_day]],
	};
	return {
		...found,
		status: ["in", frappe.boot.crm_pipeline.statuses.in_play],
		expected_closing: closing[row.kind],
	};
};
