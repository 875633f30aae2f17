// Amounts of reports in the decimals of their currency; the scripts of reports include this file.
frappe.provide("crm_pipeline.reports");

crm_pipeline.reports.formatter = (value, row, column, data, default_formatter) => {
	const currency = column.fieldtype === "Currency" && data?.[column.options];
	const precision = currency ? frappe.boot.crm_pipeline.decimals[currency] ?? 2 : column.precision;
	return default_formatter(value, row, { ...column, precision }, data);
};
