// A customer or supplier of a name that is there already: the person decides before it is saved.
frappe.provide("crm_pipeline");

crm_pipeline.ask_about_same_name = async (frm, field) => {
	const name = frm.doc[field];
	if (!name || frm.doc.__same_name_accepted === name) {
		return;
	}
	const { message: existing } = await frappe.call({
		method: "crm_pipeline.api.parties.find_same_name",
		type: "GET",
		args: { doctype: frm.doctype, name, other_than: frm.is_new() ? undefined : frm.doc.name },
	});
	if (!existing) {
		return;
	}
	const { doctype } = frm;
	const text = __("{0} {1} has this name already.", [__(doctype), frappe.utils.escape_html(existing).bold()]);
	if (await crm_pipeline.wants_another(text)) {
		frm.doc.__same_name_accepted = name;
	} else {
		frappe.validated = false;
		frappe.set_route("Form", doctype, existing);
	}
};

crm_pipeline.wants_another = (text) =>
	new Promise((resolve) => {
		const dialog = frappe.warn(__("Exists Already"), text, () => resolve(true), __("Save Another"));
		dialog.set_secondary_action(() => {
			dialog.hide();
			resolve(false);
		});
		dialog.set_secondary_action_label(__("Open It"));
		dialog.onhide = () => resolve(false);
	});
