// The opportunities of a party, on its own form and on those of its opportunities.
for (const doctype of ["Opportunity", "Lead", "Customer"]) {
	frappe.ui.form.on(doctype, { refresh: show_party_history });
}

function show_party_history(frm) {
	const wrapper = frm.fields_dict.party_history.$wrapper.empty();
	const readable = frappe.model.can_read("Opportunity");
	frm.set_df_property("party_history_tab", "hidden", readable ? 0 : 1);
	if (frm.is_new() || !readable) {
		return;
	}
	const { doctype, docname: name } = frm;
	frappe
		.call({
			method: "crm_pipeline.api.party_history.party_history",
			type: "GET",
			args: { doctype, name },
		})
		.then(({ message }) => {
			if (frm.docname === name) {
				wrapper.html(history_html(message, name));
			}
		});
}

function history_html(history, current) {
	if (!history.opportunities.length) {
		return `<p class="text-muted">${__("No opportunities yet.")}</p>`;
	}
	const heads = [
		__("Opportunity"),
		__("Result"),
		__("Value"),
		__("Days"),
		__("Date"),
		__("Lost Reasons"),
	];
	const heads_html = heads.map((label) => `<th>${frappe.utils.escape_html(label)}</th>`).join("");
	const rows = history.opportunities.map((row) => history_row(row, history.currency, current));
	return `<p>${summary_html(history)}</p>
		<div class="table-responsive"><table class="table table-bordered">
			<thead><tr class="text-muted">${heads_html}</tr></thead>
			<tbody>${rows.join("")}</tbody>
		</table></div>`;
}

function summary_html({ counts, values, currency, win_rate }) {
	const labels = {
		Open: __("Open", null, "Opportunity"),
		Won: __("Won"),
		Lost: __("Lost", null, "Opportunity"),
		Closed: __("Closed", null, "Opportunity"),
	};
	const escape = frappe.utils.escape_html;
	const parts = Object.keys(labels)
		.filter((result) => counts[result])
		.map((result) => `${escape(labels[result])}: <b>${cint(counts[result])}</b> (${money_html(values[result], currency)})`);
	if (win_rate !== null) {
		parts.push(`${__("Win Rate")}: <b>${format_number(win_rate, null, 1)} %</b>`);
	}
	return parts.join(" · ");
}

function history_row(row, currency, current) {
	const escape = frappe.utils.escape_html;
	const title_html = escape(row.title);
	const link =
		row.name === current
			? `<b>${title_html}</b>`
			: `<a href="${frappe.utils.get_form_link("Opportunity", row.name)}">${title_html}</a>`;
	const colors = frappe.boot.crm_pipeline.status_colors.Opportunity;
	const cells = [
		link,
		`<span class="indicator-pill ${escape(colors[row.status])}">${escape(__(row.status, null, "Opportunity"))}</span>`,
		money_html(row.value, currency),
		row.days,
		frappe.datetime.str_to_user(row.transaction_date),
		row.reasons.map((reason) => escape(__(reason))).join(", "),
	];
	return `<tr>${cells.map((cell_html) => `<td>${cell_html}</td>`).join("")}</tr>`;
}

function money_html(value, currency) {
	return value === null ? "–" : format_currency(value, currency);
}
