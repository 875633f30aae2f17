// My Day on the workspace: what to do next, in one queue over all sales processes, worked off in place.
frappe.provide("crm_pipeline");

const ROWS = 8; // of a section
const BY_THE_HOUR = ["today", "tomorrow"];

const STYLE = `
.my-day { border: 1px solid var(--border-color); border-radius: var(--border-radius-lg, 12px); padding: 12px 16px; background: var(--card-bg, var(--fg-color)); color: var(--text-color); }
.my-day header { display: flex; align-items: baseline; gap: 12px; }
.my-day header h4 { flex: 1; margin: 0; font-size: var(--text-lg); font-weight: 600; }
.my-day h5 { margin: 14px 0 2px; font-size: var(--text-sm); color: var(--text-muted); font-weight: 500; }
.my-day .overdue h5 { color: var(--crm-late, var(--red-600)); }
.my-day ul { list-style: none; margin: 0; padding: 0; }
.my-day li { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 12px; padding: 6px 0; border-top: 1px solid var(--border-color); }
.my-day .what { flex: 1 1 220px; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.my-day .what a { font-weight: 500; color: var(--text-color); }
.my-day .when { flex: none; color: var(--text-muted); }
.my-day .worth { flex: none; margin-inline-start: auto; font-variant-numeric: tabular-nums; }
.my-day .acts { flex: none; display: flex; gap: 6px; justify-content: flex-end; }
@media (max-width: 600px) {
	.my-day .what { flex-basis: 100%; order: -1; }
	.my-day .acts { min-width: 0; }
	.my-day .when:empty, .my-day .acts:empty { display: none; }
}
@media (min-width: 601px) {
	.my-day { display: grid; grid-template-columns: max-content minmax(0, 1fr) max-content max-content; column-gap: 12px; }
	.my-day > *, .my-day section > *, .my-day li { grid-column: 1 / -1; }
	.my-day section, .my-day ul, .my-day li { display: grid; grid-template-columns: subgrid; }
}
.my-day .calm { margin: 12px 0 4px; color: var(--text-muted); }
`;

// Show the block within `root`, the shadow of a Custom HTML Block.
crm_pipeline.show_my_day = async (root) => {
	const place = root.querySelector(".my-day");
	if (!crm_pipeline.works_on_sales()) {
		$(root.host).closest(".ce-block").hide();
		return;
	}
	if (!root.querySelector("style.my-day-style")) {
		$("<style class='my-day-style'>").text(STYLE).appendTo(root);
	}
	const args = { scope: "mine", limit: ROWS };
	const { message } = await frappe.call({ method: "crm_pipeline.api.my_day.get_my_day", type: "GET", args });
	place.innerHTML = day_html(message);
	for (const button of place.querySelectorAll("[data-ask]")) {
		button.addEventListener("click", () => ask(root, message, button.dataset));
	}
};

// Whoever buys and does not sell works on supplier quotations, as with the number cards.
crm_pipeline.works_on_sales = () =>
	frappe.model.can_read("Opportunity") &&
	(frappe.model.can_write("Opportunity") || !frappe.model.can_write("Supplier Quotation"));

function ask(root, { sections }, { ask: what, name }) {
	const doc = sections.flatMap(({ rows }) => rows).find((row) => row.name === name);
	const show = () => crm_pipeline.show_my_day(root);
	crm_pipeline.ask_follow_up[what]({
		doc,
		// Also when it is refused: somebody else was faster, and the queue is another one.
		run: (method, args, done) =>
			frappe
				.xcall("run_doc_method", { dt: "Opportunity", dn: name, method, args: JSON.stringify(args) })
				.then(done)
				.finally(show),
	});
}

function day_html({ sections, decimals }) {
	const filled = sections.filter(({ count }) => count);
	const body_html = filled.length
		? filled.map((section) => section_html(section, decimals)).join("")
		: `<p class="calm">${__("All done. Nothing is due, nobody waits, everything has a next step.")}</p>`;
	return `<header><h4>${__("My Day")}</h4><a href="/pipeline?view=day">${__("Pipeline Board")}</a></header>${body_html}`;
}

function section_html({ key, label, count, amount, rows }, decimals) {
	const escape = frappe.utils.escape_html;
	const base = frappe.boot.crm_pipeline.base_currency;
	const sum_html = amount == null ? "" : ` · ${escape(format_currency(amount, base, 0))}`;
	const more_html =
		count > rows.length
			? `<a class="small" href="/pipeline?view=day">${__("{0} more", [count - rows.length])}</a>`
			: "";
	return `<section class="${escape(key)}"><h5>${escape(label)} · ${cint(count)}${sum_html}</h5><ul>${rows
		.map((row) => row_html(row, key, decimals))
		.join("")}</ul>${more_html}</section>`;
}

function row_html(row, key, decimals) {
	const escape = frappe.utils.escape_html;
	const { name, title, customer_name, opportunity_amount: amount, currency } = row;
	const worth = amount == null ? "" : format_currency(amount, currency, decimals[currency] ?? 2);
	const link = frappe.utils.get_form_link("Opportunity", name);
	const party_html = customer_name ? ` <span class="text-muted">· ${escape(customer_name)}</span>` : "";
	return `<li><span class="when">${escape(moment_of(row, key))}</span><span class="what" dir="auto" title="${escape(
		title
	)}"><a href="${escape(link)}">${escape(title)}</a>${party_html}</span><span class="worth">${escape(
		worth
	)}</span><span class="acts">${buttons_html(row)}</span></li>`;
}

function buttons_html({ name, title, next_contact_date }) {
	if (!next_contact_date || !frappe.model.can_write("Opportunity")) {
		return "";
	}
	const escape = frappe.utils.escape_html;
	const button_html = (what, label) => {
		const [what_html, label_html, name_html] = [what, label, name].map((text) => escape(text));
		const spoken_html = escape(`${label}: ${title}`);
		return `<button type="button" class="btn btn-default btn-xs" data-ask="${what_html}" data-name="${name_html}"
			aria-label="${spoken_html}">${label_html}</button>`;
	};
	return button_html("outcome", __("Done")) + button_html("snooze", __("Snooze"));
}

// By the user's own clock: the hour of today and tomorrow, else the day.
function moment_of({ next_contact_date }, key) {
	if (!next_contact_date) {
		return "";
	}
	const at = frappe.datetime.convert_to_user_tz(next_contact_date, false);
	return at.format(
		BY_THE_HOUR.includes(key)
			? frappe.datetime.get_user_time_fmt().replace(":ss", "")
			: frappe.datetime.get_user_date_fmt().toUpperCase()
	);
}
