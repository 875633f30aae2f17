// Whom New Email on a customer or supplier is to: the main contact, else the first that has an address.
frappe.provide("crm_pipeline");

crm_pipeline.write_to_contact = (frm) => {
	const contacts = (frm.doc.__onload?.contact_list || []).filter((contact) => contact.email_id);
	const contact = contacts.find((each) => cint(each.is_primary_contact)) || contacts[0];
	frm.email_field = "__contact_email"; // the composer reads it from the document
	frm.doc.__contact_email = frm.doc.email_id || contact?.email_id || "";
};
