const LEAD = "crm_pipeline.crm_pipeline.doctype.lead.lead";

frappe.ui.form.on("Lead", {
	setup(frm) {
		frm.email_field = "email_id";
		frm.make_methods = {
			Opportunity: () => make(frm, "make_opportunity"),
			Customer: () => make(frm, "make_customer"),
			Quotation: () => frappe.new_doc("Quotation", { quotation_to: "Lead", party_name: frm.doc.name }),
		};
		frm.set_query("lead_owner", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	},

	onload(frm) {
		if (frm.is_new() && !frappe.boot.crm_pipeline.assigned_by_rules.includes(frm.doctype)) {
			frm.doc.lead_owner = frm.doc.lead_owner || frappe.session.user;
		}
	},

	refresh(frm) {
		if (frm.is_new()) {
			frappe.contacts.clear_address_and_contact(frm);
			return;
		}
		frappe.contacts.render_address_and_contact(frm);
		add_create_buttons(frm);
	},
});

function add_create_buttons(frm) {
	const targets = { Opportunity: "make_opportunity" };
	if (!frm.doc.__onload.customer) {
		targets.Customer = "make_customer";
	}
	const offered = Object.entries(targets).filter(([doctype]) => frappe.model.can_create(doctype));
	for (const [doctype, method] of offered) {
		frm.add_custom_button(__(doctype), () => make(frm, method), __("Create"));
	}
	if (offered.length) {
		frm.page.set_inner_btn_group_as_primary(__("Create")); // makes the group where there is none
	}
}

function make(frm, method) {
	frappe.model.open_mapped_doc({ method: `${LEAD}.${method}`, frm });
}
