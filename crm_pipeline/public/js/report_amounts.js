// Amounts of reports in the decimals of their currency, and totals in bold; the scripts of reports include this file.
frappe.provide("crm_pipeline.reports");

crm_pipeline.reports.formatter = (value, row, column, data, default_formatter) => {
	const currency = column.fieldtype === "Currency" && data?.[column.options];
	const precision = currency ? frappe.boot.crm_pipeline.decimals[currency] ?? 2 : column.precision;
	const of_cell = (fieldtype) => default_formatter(value, row, { ...column, fieldtype, precision }, data);
	// Frappe 15 writes percentages with a point, whatever the number format, and not all with the same decimals.
	const is_share = column.fieldtype === "Percent" && typeof value === "number";
	const shown_html = is_share ? of_cell("Float").replace(/(<\/div>)?$/, "%$1") : of_cell(column.fieldtype);
	return data?.bold ? `<b>${shown_html}</b>` : shown_html;
};
