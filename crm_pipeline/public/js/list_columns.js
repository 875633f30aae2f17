// What several lists show in their columns; their scripts include this file.
frappe.provide("crm_pipeline.columns");

// var, for each list includes this file
var ROOM_FOR_ALL = 1200; // pixels
var PARTIES = ["customer_name", "supplier_name"];

// Frappe 16 reads the width of a column from markup, and draws no list at all from bare text.
crm_pipeline.columns.text = (text, title = text, style = "") => {
	const escape = frappe.utils.escape_html;
	return `<span title="${escape(title)}" style="${escape(style)}">${escape(text)}</span>`;
};

// With as many decimals as it has, nine at most.
crm_pipeline.columns.number = (value) => format_number(flt(value), null, crm_pipeline.places_of(value));

crm_pipeline.columns.amount = (value, df, { currency }) => {
	const places = frappe.boot.crm_pipeline.decimals[currency] ?? 2;
	return crm_pipeline.columns.text(value == null ? "" : format_currency(value, currency, places));
};

// The day; the time is in the tooltip.
crm_pipeline.columns.moment = (value, df, doc, style) => {
	const show = (...options) => (value ? frappe.datetime.str_to_user(value, ...options) : "");
	return crm_pipeline.columns.text(show(false, true), show(), style);
};

crm_pipeline.columns.user = (user) =>
	crm_pipeline.columns.text(user ? frappe.user.full_name(user) : "", user || "");

// The organization, of a lead too; who it is in words stands beside it.
crm_pipeline.columns.party = (name, df, { company_name }) =>
	crm_pipeline.columns.text(company_name || name || "", [name, company_name].filter(Boolean).join(", "));

crm_pipeline.columns.indicator = (doctype) => (doc) => [
	__(doc.status, null, doctype),
	frappe.boot.crm_pipeline.status_colors[doctype][doc.status],
	`status,=,${doc.status}`,
];

// As many columns as fit, unless List Settings say how many, with short heads, by field. One may have to go first.
crm_pipeline.columns.show = (list, heads = {}, first_to_go) => {
	const chosen = list.list_view_settings.total_fields;
	list.list_view_settings.total_fields = chosen || (window.innerWidth > 1366 ? 9 : 0);
	list.list_view_settings.disable_scrolling ??= 1; // Frappe 16 hides what is wider than the page behind a scrollbar
	list.setup_columns();
	if (first_to_go && !chosen && list.$result.width() < ROOM_FOR_ALL) {
		list.columns = list.columns.filter(({ df }) => df?.fieldname !== first_to_go);
	}
	for (const column of list.columns.filter(({ df }) => df && heads[df.fieldname])) {
		column.df = { ...column.df, label: heads[column.df.fieldname] };
	}
	// The right end of a row needs less than Frappe leaves it; titles, parties and amounts need more than a day does.
	const party = list.columns.findIndex(({ df }) => df && PARTIES.includes(df.fieldname)) + 1;
	const page = `[id="page-List/${list.doctype}/List"]`;
	frappe.dom.set_style(
		`@media (min-width: 992px) {
			${page} :is(.list-row, .list-row-head) .level-left { min-width: 88%; }
			${page} .list-row-col { margin-right: 10px; }
			${page} .list-subject { flex: 2.7; }
			${page} .list-subject .ellipsis { flex-shrink: 1; min-width: 0; }
			${page} .list-row-col:nth-child(${party || "n+99"}) { flex: 1.7; }
			${page} .list-row-col.text-right { flex: 1.3; }
		}`,
		`crm-pipeline-columns-${frappe.scrub(list.doctype)}`
	);
	list.render_header(true);
};

// Show people by name: a session knows those only whom it has met.
crm_pipeline.columns.name_users = (list, field) => {
	const render = list.render.bind(list);
	list.render = () => {
		render();
		const users = new Set(list.data.map((doc) => doc[field]));
		const unknown = [...users].filter((user) => user && !frappe.boot.user_info[user]);
		if (unknown.length) {
			frappe
				.xcall("frappe.desk.form.load.get_user_info_for_viewers", { users: unknown })
				.then((met) => Object.assign(frappe.boot.user_info, met) && render());
		}
	};
};
