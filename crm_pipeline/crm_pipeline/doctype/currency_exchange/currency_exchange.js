frappe.ui.form.on("Currency Exchange", {
	setup(frm) {
		frm.set_query("from_currency", () => ({ filters: { name: ["!=", frm.doc.to_currency || ""] } }));
		frm.set_query("to_currency", () => ({ filters: { name: ["!=", frm.doc.from_currency || ""] } }));
	},

	onload(frm) {
		if (frm.is_new() && frm.doc.from_currency === frm.doc.to_currency) {
			frm.set_value({ from_currency: null, to_currency: frappe.boot.crm_pipeline.base_currency });
		}
	},

	refresh(frm) {
		// What is typed may have nine decimals; what is shown has those that it has.
		const field = frm.fields_dict.exchange_rate;
		field.format_for_input = field.df.formatter = (value) => (value ? format_rate(value) : "");
		field.refresh();
		show_meaning(frm);
	},

	from_currency: show_meaning,
	to_currency: show_meaning,
	exchange_rate: show_meaning,
});

function format_rate(rate) {
	return format_number(rate, null, crm_pipeline.places_of(rate));
}

// The rate in words, so that nobody records it the wrong way round.
function show_meaning(frm) {
	const { from_currency, to_currency, exchange_rate } = frm.doc;
	const complete = from_currency && to_currency && exchange_rate;
	const meaning = `1 ${from_currency} = ${format_rate(exchange_rate)} ${to_currency}`;
	frm.set_df_property("exchange_rate", "description", complete ? frappe.utils.escape_html(meaning) : "");
}
