// What the menu Create of a form offers: only what the user may make, and can fill in.
frappe.provide("crm_pipeline");

// What the menu names otherwise than its DocType.
crm_pipeline.MADE_AS = { "Request for Rates": "Supplier Quotation" };

// What a new record cannot do without.
crm_pipeline.NEEDED = {
	"Supplier Quotation": ["Supplier", "Item"],
	Quotation: ["Item"],
};

crm_pipeline.can_make = (doctype) =>
	frappe.model.can_create(doctype) &&
	(crm_pipeline.NEEDED[doctype] || []).every(
		(needed) => frappe.model.can_read(needed) || frappe.model.can_select(needed)
	);

// `actions` has by DocType, or by what else the menu calls it, what makes one.
crm_pipeline.add_create_buttons = (frm, actions) => {
	const offered = Object.entries(actions).filter(([label]) =>
		crm_pipeline.can_make(crm_pipeline.MADE_AS[label] || label)
	);
	for (const [label, action] of offered) {
		frm.add_custom_button(__(label), action, __("Create"));
	}
	if (offered.length) {
		frm.page.set_inner_btn_group_as_primary(__("Create")); // makes the group where there is none
	}
};
