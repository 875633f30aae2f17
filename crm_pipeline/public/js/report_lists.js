// Figures that open the list behind them; the scripts of reports include this file after those of filters and amounts.
frappe.provide("crm_pipeline.reports");

// Desk gives links within cells the look of text.
frappe.dom.set_style(
	".crm-opens-list { text-decoration: underline; text-decoration-color: var(--gray-400); text-underline-offset: 3px; }",
	"crm-opens-list",
);

// The filter that says of which figure the list is shown; by default none, which means all figures.
crm_pipeline.filters.list_of = (options) => ({
	fieldname: "show",
	label: __("List Of"),
	fieldtype: "Select",
	options: [{ value: "", label: "" }].concat(
		Object.entries(options).map(([value, label]) => ({ value, label })),
	),
});

// A formatter that makes links of the first column and of the numbers of a row.
// name: the field of a row that says of which figure it is; has_list: whether there is anything to list of it.
crm_pipeline.reports.opening_lists = (name, has_list) => (value, row, column, data, default_formatter) => {
	const shown_html = crm_pipeline.reports.formatter(value, row, column, data, default_formatter);
	if (!data || !has_list(data) || value === null || value === undefined || value === "") return shown_html;
	return `<a href="#" class="crm-opens-list" data-figure="${frappe.utils.escape_html(data[name])}">${shown_html}</a>`;
};

// Show the list when a figure is clicked.
crm_pipeline.reports.open_lists = (report) => {
	const filter = report.get_filter("show");
	if (filter.df.fieldtype === "Data") crm_pipeline.reports.put_in_words(report, filter);
	// All reports are shown on one page, which keeps what listens there.
	report.page.main.off("click.crm_lists").on("click.crm_lists", ".crm-opens-list", (event) => {
		event.preventDefault();
		report.set_filter_value("show", $(event.currentTarget).attr("data-figure"));
	});
};

// Let the filter that names a figure show its words, as the server says them above the list; addresses, saved filters and requests
// keep its key.
crm_pipeline.reports.put_in_words = (report, filter) => {
	const words = {};
	const get_shown = filter.get_input_value.bind(filter);
	const is_of = (key, text) => key in words && words[key] === text;
	filter.format_for_input = (key) => words[key] ?? key ?? "";
	filter.get_input_value = () => {
		const text = get_shown();
		return is_of(filter.value, text) ? filter.value : text;
	};
	report.report_settings.after_datatable_render = () => {
		const $message = $("<div>").html(report.raw_data.message || "");
		const text = $message.find(".crm-list-of").text();
		if (!text || !filter.value) return;
		words[filter.value] = text;
		filter.set_formatted_input(filter.value);
		filter.$input.attr("title", text);
	};
};

// The filter that names one figure, as COLUMN or COLUMN:ROW; emptying it shows all figures again.
crm_pipeline.filters.figure = () => ({ fieldname: "show", label: __("List Of"), fieldtype: "Data", default: "" });

// A formatter that makes a link of each figure of a row, which has a `row` or, of a total, is `bold`.
crm_pipeline.reports.opening_figures = (value, row, column, data, default_formatter) => {
	const shown_html = crm_pipeline.reports.formatter(value, row, column, data, default_formatter);
	const has_lists = data && (data.bold || typeof data.row === "string");
	if (!has_lists || !value || !["Int", "Float", "Currency"].includes(column.fieldtype)) {
		return shown_html;
	}
	const figure = data.bold ? column.fieldname : `${column.fieldname}:${data.row}`;
	return `<a href="#" class="crm-opens-list" data-figure="${frappe.utils.escape_html(figure)}">${shown_html}</a>`;
};
