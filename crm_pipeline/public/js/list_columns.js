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

// Frappe keeps names of users as markup, "&" as "&amp;".
crm_pipeline.columns.user = (user) =>
	crm_pipeline.columns.text(user ? frappe.utils.unescape_html(frappe.user.full_name(user)) : "", user || "");

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
	// The right end of a row needs less than Frappe leaves it; titles, parties, numbers and amounts need more than a day does.
	const place_of = (is_it) => list.columns.findIndex(is_it) + 1 || "n+99";
	const party = place_of(({ df }) => PARTIES.includes(df?.fieldname));
	const name = place_of(({ df }) => df?.fieldname === "name");
	const status = place_of(({ type }) => type === "Status");
	const page = `[id="page-List/${list.doctype}/List"]`;
	frappe.dom.set_style(
		`@media (min-width: 992px) {
			${page} :is(.list-row, .list-row-head) .level-left { min-width: 88%; }
			${page} .list-row-col { margin-right: 10px; }
			${page} .list-subject { flex: 2.4; }
			${page} .list-row-col:nth-child(${party}) { flex: 1.7; }
			${page} .list-row-col:nth-child(${name}) { flex: 1.6; }
			${page} .list-row-col:nth-child(${status}) { flex: 1.3; }
			${page} .list-row-col.text-right { flex: 1.3; }
		}
		@media (max-width: 767px) {
			${page} .list-row .level-left { min-width: 0; }
			${page} .list-row .level-right { flex: none; }
		}
		${page} .list-subject .ellipsis { flex-shrink: 1; min-width: 0; }`,
		`crm-pipeline-columns-${frappe.scrub(list.doctype)}`
	);
	list.render_header(true);
};

// Ask what users are called of whom the session does not know it yet; whether there were any.
crm_pipeline.columns.meet = async (users) => {
	const unknown = [...new Set(users)].filter((user) => user && !frappe.boot.user_info[user]);
	if (!unknown.length) return false;
	const met = await frappe.xcall("frappe.desk.form.load.get_user_info_for_viewers", { users: unknown });
	Object.assign(frappe.boot.user_info, met);
	return true;
};

// Show people by name: a session knows those only whom it has met.
crm_pipeline.columns.name_users = (list, field) => {
	const render = list.render.bind(list);
	list.render = () => {
		render();
		crm_pipeline.columns.meet(list.data.map((doc) => doc[field])).then((has_met) => has_met && render());
	};
};

// Cards of a board show links; those to users have no titles, but for the ones given here.
crm_pipeline.columns.entitle_users = async (users) => {
	await crm_pipeline.columns.meet(users);
	// Frappe escapes the title of a link, but not that of a record to which the user may not go.
	const escape = frappe.model.can_read("User") ? (text) => text : frappe.utils.escape_html;
	for (const user of new Set(users.filter(Boolean))) {
		frappe.utils.add_link_title("User", user, escape(frappe.utils.unescape_html(frappe.user_info(user).fullname)));
	}
};

if (frappe.views.KanbanView && !crm_pipeline.columns.is_on_boards) {
	crm_pipeline.columns.is_on_boards = true;
	const board = frappe.views.KanbanView.prototype;
	const { render } = board;

	board.render = function () {
		if (this.meta.module !== "CRM Pipeline") return render.call(this);
		const of_user = (field) => frappe.meta.get_docfield(this.doctype, field)?.options === "User";
		const users = this.board.fields.filter(of_user).flatMap((field) => this.data.map((doc) => doc[field]));
		return crm_pipeline.columns.entitle_users(users).finally(() => {
			// Frappe hides the columns of a board without cards, and says nothing instead.
			this.$result.show();
			render.call(this);
		});
	};
}
