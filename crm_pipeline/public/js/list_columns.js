// What several lists show in their columns; their scripts include this file.
frappe.provide("crm_pipeline.columns");

// Frappe 16 reads the width of a column from markup, and draws no list at all from bare text.
crm_pipeline.columns.amount = (value, df, { currency }) => {
	const places = frappe.boot.crm_pipeline.decimals[currency] ?? 2;
	const text = value == null ? "" : format_currency(value, currency, places);
	return `<span>${frappe.utils.escape_html(text)}</span>`;
};
