{% include "crm_pipeline/public/js/list_columns.js" %}
{% include "crm_pipeline/public/js/outcome.js" %}
{% include "crm_pipeline/public/js/bulk_lost.js" %}
{% include "crm_pipeline/public/js/bulk_actions.js" %}
{% include "crm_pipeline/public/js/board_drops.js" %}
{% include "crm_pipeline/public/js/follow_up_dialogs.js" %}
{% include "crm_pipeline/public/js/my_day.js" %}
{% include "crm_pipeline/public/js/gaps.js" %}

const ROOM_FOR_BUTTONS = 1600; // pixels; beside each other they would push that for new ones off narrower windows
const IN_PLAY = frappe.boot.crm_pipeline.statuses.in_play;

// Moments of the site are compared as text, since both are in the site's time.
const is_overdue = ({ status, next_contact_date }) =>
	IN_PLAY.includes(status) && next_contact_date && next_contact_date < frappe.datetime.system_datetime();

function show_next_contact(moment, df, doc) {
	const color = is_overdue(doc) ? "color: var(--crm-late, var(--red-600))" : "";
	if (!is_waiting(doc)) return crm_pipeline.columns.moment(moment, df, doc, color);
	// The column has just room for both.
	return waiting_html(doc) + crm_pipeline.columns.moment(moment, df, doc, `letter-spacing: 0; ${color}`);
}

const is_waiting = ({ status, waiting_for }) => IN_PLAY.includes(status) && waiting_for === "Us";

const DOT = `display: inline-block; width: 5px; height: 5px; margin-inline-end: 2px; border-radius: 50%;
	background: var(--orange-500); vertical-align: middle`;

// A dot before the day: the customer wrote or called last.
function waiting_html({ waiting_since }) {
	const told = waiting_since
		? __("Waiting for us since {0}", [frappe.datetime.str_to_user(waiting_since)])
		: __("Waiting for Us");
	const told_html = frappe.utils.escape_html(told);
	return `<span role="img" title="${told_html}" aria-label="${told_html}" style="${DOT}"></span>`;
}

async function show_waiting(list) {
	await list.filter_area.clear(false);
	list.sort_selector?.set_value("waiting_since", "asc");
	list.filter_area.add([
		["Opportunity", "waiting_for", "=", "Us"],
		["Opportunity", "status", "in", IN_PLAY],
	]);
}

async function show_overdue(list) {
	await list.filter_area.clear(false);
	list.sort_selector?.set_value("next_contact_date", "asc");
	list.filter_area.add([
		// Frappe takes none for the earliest, and PostgreSQL has no date that "is set".
		["Opportunity", "next_contact_date", ">", "2000-01-01"],
		["Opportunity", "next_contact_date", "<", frappe.datetime.system_datetime()],
		["Opportunity", "status", "in", IN_PLAY],
	]);
}

frappe.listview_settings["Opportunity"] = {
	add_fields: [
		"status",
		"currency",
		"opportunity_amount",
		"next_contact_date",
		"company_name",
		"sales_process",
		"waiting_for",
		"waiting_since",
	],
	hide_name_column: true,
	get_indicator: crm_pipeline.columns.indicator("Opportunity"),
	onload(list) {
		const group = window.innerWidth < ROOM_FOR_BUTTONS && __("Pipeline");
		list.page.add_inner_button(__("Overdue Follow-ups"), () => show_overdue(list), group);
		list.page.add_inner_button(__("Waiting for Us"), () => show_waiting(list), group);
		list.page.add_inner_button(__("Pipeline Board"), () => window.location.assign("/pipeline"), group);
		if (frappe.model.can_write("Opportunity")) {
			crm_pipeline.bulk.add_to(list);
		}
		crm_pipeline.columns.name_users(list, "opportunity_owner");
		const heads = {
			title: __("Opportunity"),
			customer_name: __("Party"),
			opportunity_amount: __("Amount"),
			sales_stage: __("Stage"),
			expected_closing: __("Closing"),
			opportunity_owner: __("Owner"),
			next_contact_date: __("Follow-up"),
		};
		crm_pipeline.columns.show(list, heads, "opportunity_owner");
	},
	formatters: {
		customer_name: crm_pipeline.columns.party,
		opportunity_amount: crm_pipeline.columns.amount,
		opportunity_owner: crm_pipeline.columns.user,
		next_contact_date: show_next_contact,
	},
};

// Quick entry starts with the user's own opportunity and offers only the party types of Selling Settings.
frappe.ui.form.OpportunityQuickEntryForm = class extends frappe.ui.form.QuickEntryForm {
	render_dialog() {
		this.doc.opportunity_owner = this.doc.opportunity_owner || frappe.session.user;
		super.render_dialog();
		this.dialog.fields_dict.opportunity_from.get_query = () => ({
			filters: { name: ["in", frappe.boot.crm_pipeline.party_types] },
		});
	}
};

// Frappe 16 on SQLite takes a form from this cache without the DocTypes of its tables, and fails to draw it.
localStorage.removeItem("_doctype:Opportunity");
