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
	const { Opportunity, Customer } = frm.make_methods;
	crm_pipeline.add_create_buttons(frm, {
		Opportunity,
		...(frm.doc.__onload.customer ? {} : { Customer }),
	});
}

function make(frm, method) {
	frappe.model.open_mapped_doc({ method: `${LEAD}.${method}`, frm });
}
