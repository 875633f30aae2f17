frappe.ui.form.on("Quotation", {
	setup(frm) {
		frm.amounts = new crm_pipeline.QuotationAmounts(frm, "net_total");
		frm.email_field = "contact_email";
		set_queries(frm);
	},

	onload(frm) {
		frm.party_type = frm.doc.quotation_to;
	},

	refresh(frm) {
		frm.amounts.refresh();
		add_outcome_buttons(frm);
		offer_another(frm);
	},

	quotation_to(frm) {
		if (frm.party_type !== frm.doc.quotation_to) {
			frm.party_type = frm.doc.quotation_to;
			frm.set_value("party_name", null);
		}
	},

	party_name(frm) {
		frm.set_value({ contact_person: null, customer_address: null });
		frm.amounts.follow_party();
	},

	currency: (frm) => frm.amounts.change_currency(),

	transaction_date: (frm) => frm.amounts.change_rate(),

	net_total: (frm) => frm.amounts.compute(),

	additional_discount_percentage: (frm) => frm.amounts.type_discount("additional_discount_percentage"),

	discount_amount: (frm) => frm.amounts.type_discount("discount_amount"),

	taxes_and_charges(frm) {
		if (frm.doc.taxes_and_charges) {
			frm.amounts.take_charges(frm.doc.taxes_and_charges);
		}
	},
});

frappe.ui.form.on("Quotation Item", {
	item_code: (frm, cdt, cdn) => frm.amounts.fill_row(locals[cdt][cdn]),
	qty: (frm) => frm.amounts.compute(),
	rate: (frm, cdt, cdn) => frm.amounts.type_rate(locals[cdt][cdn]),
	price_list_rate: (frm) => frm.amounts.compute(),
	discount_percentage: (frm, cdt, cdn) =>
		frm.amounts.type_row_discount(locals[cdt][cdn], "discount_percentage"),
	discount_amount: (frm, cdt, cdn) => frm.amounts.type_row_discount(locals[cdt][cdn], "discount_amount"),
	items_remove: (frm) => frm.amounts.compute(),
});

frappe.ui.form.on("Sales Taxes and Charges", {
	charge_type: (frm) => frm.amounts.compute(),
	rate: (frm) => frm.amounts.compute(),
	tax_amount: (frm) => frm.amounts.compute(),
	included_in_print_rate: (frm) => frm.amounts.compute(),
	taxes_remove: (frm) => frm.amounts.compute(),
});

function set_queries(frm) {
	const of_party = (query) => () => {
		const { quotation_to: link_doctype, party_name: link_name } = frm.doc;
		return link_name ? { query, filters: { link_doctype, link_name } } : {};
	};
	frm.set_query("quotation_to", () => ({
		filters: { name: ["in", frappe.boot.crm_pipeline.party_types] },
	}));
	frm.set_query("contact_person", of_party("frappe.contacts.doctype.contact.contact.contact_query"));
	frm.set_query("customer_address", of_party("frappe.contacts.doctype.address.address.address_query"));
	frm.set_query("item_code", "items", () => ({ filters: { disabled: 0 } }));
	frm.set_query("taxes_and_charges", () => ({ filters: { disabled: 0 } }));
}

function add_outcome_buttons(frm) {
	const undecided = frm.doc.docstatus === 1 && ["Open", "Expired"].includes(frm.doc.status);
	if (undecided && frm.perm[0].submit) {
		frm.add_custom_button(__("Mark as Ordered"), () => ask_ordered(frm));
		frm.add_custom_button(__("Declare Lost"), () => crm_pipeline.declare_lost(frm));
	}
}

// A lost one is over; its opportunity can be quoted anew, which takes it up again.
function offer_another(frm) {
	const method = "crm_pipeline.crm_pipeline.doctype.opportunity.opportunity.make_quotation";
	if (frm.doc.status === "Lost" && frm.doc.opportunity) {
		crm_pipeline.add_create_buttons(frm, {
			Quotation: () => frappe.model.open_mapped_doc({ method, source_name: frm.doc.opportunity }),
		});
	}
}

function ask_ordered(frm) {
	const from_status = frm.doc.status;
	frappe.prompt(
		{
			fieldname: "ordered_on",
			fieldtype: "Date",
			label: __("Ordered On"),
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		(values) => crm_pipeline.run_method(frm, "mark_ordered", { ...values, from_status }),
		__("Ordered: {0}", [frappe.utils.escape_html(frm.doc.title)]),
		__("Mark as Ordered")
	);
}
