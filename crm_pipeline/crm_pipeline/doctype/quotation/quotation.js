const QUOTATION = "crm_pipeline.crm_pipeline.doctype.quotation.quotation";

// Where the kind of party is locked, Frappe shows it in English to whoever may not read DocTypes.
frappe.form.link_formatters.DocType ||= (value) => value && __(value);

frappe.ui.form.on("Quotation", {
	setup(frm) {
		frm.amounts = new crm_pipeline.QuotationAmounts(frm, "net_total");
		frm.email_field = "contact_email";
		set_queries(frm);
		name_former_on_copies(frm);
		frm.ignore_doctypes_on_cancel_all = ["Quotation"]; // a revision goes on without what it replaced
	},

	onload(frm) {
		frm.party_type = frm.doc.quotation_to;
		if (frm.is_new()) {
			set_validity(frm);
		}
	},

	refresh(frm) {
		mark_ordered_rows(frm);
		frm.amounts.refresh();
		add_outcome_buttons(frm);
		offer_another(frm);
		offer_revision(frm);
		show_versions(frm);
	},

	quotation_to(frm) {
		if (frm.party_type !== frm.doc.quotation_to) {
			frm.party_type = frm.doc.quotation_to;
			frm.set_value("party_name", null);
		}
	},

	party_name(frm) {
		frm.set_value({ contact_person: null, customer_address: null, replaces: null });
		frm.amounts.follow_party();
	},

	opportunity: (frm) => frm.set_value("replaces", null),

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
	frm.set_query("replaces", () => ({
		filters: {
			party_name: frm.doc.party_name,
			opportunity: frm.doc.opportunity || ["is", "not set"],
			status: ["in", frappe.boot.crm_pipeline.quotation_statuses.replaceable],
			name: ["!=", frm.doc.name],
		},
	}));
	frm.set_query("item_code", "items", () => ({ filters: { disabled: 0 } }));
	frm.set_query("taxes_and_charges", () => ({ filters: { disabled: 0 } }));
}

function set_validity(frm) {
	const days = frappe.boot.crm_pipeline.quotation_validity_days;
	if (days && !frm.doc.valid_till) {
		frm.doc.valid_till = frappe.datetime.add_days(frm.doc.transaction_date, days);
	}
}

// Whether a revision may stand for it: an offer that went out and was not accepted.
function is_replaceable({ docstatus, status }) {
	return docstatus > 0 && frappe.boot.crm_pipeline.quotation_statuses.replaceable.includes(status);
}

// Desk's Duplicate says what the copy is to replace, which can be emptied; amending says it on the server.
function name_former_on_copies(frm) {
	const copy = frm.copy_doc.bind(frm);
	frm.copy_doc = (onload, from_amend) => {
		const { name } = frm.doc;
		const replaces = !from_amend && is_replaceable(frm.doc);
		copy((doc) => {
			if (replaces) {
				doc.replaces = name;
			}
			onload?.(doc);
		}, from_amend);
	};
}

function offer_revision(frm) {
	const { doc } = frm;
	if (doc.docstatus === 1 && is_replaceable(doc) && !doc.replaced_by && crm_pipeline.can_make(doc.doctype)) {
		frm.add_custom_button(__("Revise"), () =>
			frappe.model.open_mapped_doc({ method: `${QUOTATION}.make_revision`, frm })
		);
	}
}

// A dot before each item, once some are ordered; rows that are drawn by now have fields of their own.
function mark_ordered_rows(frm) {
	const field = frappe.meta.get_docfield("Quotation Item", "item_code");
	const former = field.formatter;
	if ((frm.doc.items || []).some((row) => row.ordered)) {
		frm.set_indicator_formatter("item_code", (row) => (row.ordered ? "green" : "gray"));
	} else {
		delete field.formatter;
	}
	if (field.formatter || former) {
		frm.fields_dict.items.grid.update_docfield_property("item_code", "formatter", field.formatter);
	}
}

function show_versions(frm) {
	const { replaced_by } = frm.doc;
	if (replaced_by) {
		const link = frappe.utils.get_form_link(
			"Quotation",
			replaced_by,
			true,
			frappe.utils.escape_html(replaced_by)
		);
		frm.set_intro(__("Replaced by {0}, which counts in its place.", [link]), "orange");
	}
}

function add_outcome_buttons(frm) {
	const { undecided } = frappe.boot.crm_pipeline.quotation_statuses;
	const { docstatus, status, replaced_by } = frm.doc;
	if (docstatus === 1 && undecided.includes(status) && !replaced_by && frm.perm[0].submit) {
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
	const open_rows = (frm.doc.items || []).filter((row) => !row.ordered);
	const ordered_on = {
		fieldname: "ordered_on",
		fieldtype: "Date",
		label: __("Ordered On"),
		default: frappe.datetime.get_today(),
		reqd: 1,
	};
	const title = __("Ordered: {0}", [frappe.utils.escape_html(frm.doc.title)]);
	const order = (values, done) =>
		crm_pipeline.run_method(frm, "mark_ordered", { ...values, from_status }, done);
	if (open_rows.length < 2) {
		frappe.prompt(ordered_on, (values) => order(values), title, __("Mark as Ordered"));
		return;
	}
	crm_pipeline.pick_rows({
		frm,
		rows: open_rows,
		title,
		fields: [ordered_on],
		primary_action_label: __("Mark as Ordered"),
		action: order,
	});
}
