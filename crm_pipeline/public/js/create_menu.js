// What the menu Create of a form offers: only what the user may make, and can fill in.
frappe.provide("crm_pipeline");

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

// `actions` has by DocType what makes one.
crm_pipeline.add_create_buttons = (frm, actions) => {
	const offered = Object.entries(actions).filter(([doctype]) => crm_pipeline.can_make(doctype));
	for (const [doctype, action] of offered) {
		frm.add_custom_button(__(doctype), action, __("Create"));
	}
	if (offered.length) {
		frm.page.set_inner_btn_group_as_primary(__("Create")); // makes the group where there is none
	}
};
