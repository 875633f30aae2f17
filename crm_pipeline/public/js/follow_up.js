// The next contact on the form of an opportunity: how late it is, that it is done, and putting it off.
frappe.provide("crm_pipeline");

frappe.ui.form.on("Opportunity", {
	refresh(frm) {
		const { next_contact_date, status } = frm.doc;
		if (frm.is_new() || !next_contact_date || frappe.boot.crm_pipeline.statuses.ended.includes(status)) {
			return;
		}
		const may_write = frm.perm[0].write;
		if (crm_pipeline.is_overdue(next_contact_date)) {
			show_overdue(frm, may_write);
		}
		if (may_write) {
			frm.add_custom_button(__("Follow-up Done"), () => ask_of_form(frm, "outcome"), __("Actions"));
			frm.add_custom_button(__("Snooze"), () => ask_of_form(frm, "snooze"), __("Actions"));
		}
	},
});

// Moments of the site are compared as text, since both are in the site's time.
crm_pipeline.is_overdue = (moment) => moment && moment < frappe.datetime.system_datetime();

function show_overdue(frm, may_write) {
	const { next_contact_by, next_contact_date, to_discuss } = frm.doc;
	const due = frappe.datetime.str_to_user(next_contact_date);
	const escape = frappe.utils.escape_html;
	const name = frm.doc.__onload?.desk?.next_contact_by_name || next_contact_by;
	const whose_html = next_contact_by === frappe.session.user ? __("Yours") : escape(name);
	const about_html = to_discuss
		? ` · ${__("To discuss: {0}", [escape(frappe.utils.html2text(to_discuss))])}`
		: "";
	const link_html = (action, label) =>
		`<a href="#" data-follow-up="${escape(action)}"><b>${escape(label)}</b></a>`;
	const ways_html = may_write
		? `<span class="pull-right" style="margin-right: 24px">${link_html("done", __("Done"))} · ${link_html("snooze", __("Snooze"))}</span>`
		: "";
	frm.set_intro(`<b>${__("Follow-up overdue since {0}", [due])}</b> · ${whose_html}${about_html}${ways_html}`, "red");
	frm.layout.wrapper.find("[data-follow-up]").on("click", (event) => {
		event.preventDefault();
		ask_of_form(frm, event.currentTarget.dataset.followUp === "done" ? "outcome" : "snooze");
	});
}

const ask_of_form = (frm, what) => crm_pipeline.ask_follow_up[what](crm_pipeline.on_form(frm));
