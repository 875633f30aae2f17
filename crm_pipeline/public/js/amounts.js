// Totals of a document with item rows while they are typed. On save the server computes them again.
frappe.provide("crm_pipeline");

crm_pipeline.base_currency = () => frappe.boot.crm_pipeline.base_currency;

crm_pipeline.decimals = (currency) => frappe.boot.crm_pipeline.decimals[currency] ?? 2;

// Half away from zero, as the server rounds; 15 digits take away what binary fractions add.
crm_pipeline.round = (value, places) => {
	const number = Number(flt(value).toPrecision(15));
	return Math.abs(number) < 1e-6 ? 0 : Number(`${Math.round(Number(`${number}e${places}`))}e-${places}`);
};

crm_pipeline.Amounts = class Amounts {
	// `value_field` holds the sum of the rows or, without rows, the typed amount.
	constructor(frm, value_field) {
		this.frm = frm;
		this.value_field = value_field;
	}

	get places() {
		return crm_pipeline.decimals(this.frm.doc.currency);
	}

	get base_places() {
		return crm_pipeline.decimals(this.frm.doc.base_currency);
	}

	refresh() {
		if (this.frm.is_new()) {
			this.set_up_currency();
		}
		if (!this.frm.is_dirty()) {
			this.loaded_currency = this.frm.doc.currency;
		}
		// Desk empties what it does not accept: never to be saved as the base currency then.
		this.frm.toggle_reqd("currency", true);
		this.show_decimals();
	}

	set_up_currency() {
		const doc = this.frm.doc;
		const first = this.set_up !== doc.name;
		doc.base_currency = crm_pipeline.base_currency(); // Frappe fills in the site's default, which may be another
		doc.currency = doc.currency || doc.base_currency;
		if (doc.currency === doc.base_currency) {
			Object.assign(doc, { conversion_rate: 1, inverse_rate: 0 });
		} else if (!doc.conversion_rate) {
			this.change_rate();
		}
		this.frm.refresh_fields(["currency", "base_currency"]);
		this.frm.layout.refresh_dependency();
		if (first) {
			this.set_up = doc.name;
			this.proposed_currency = this.is_priced() ? null : doc.currency;
			this.follow_party();
		}
	}

	// What comes from another document has its prices in that one's currency.
	is_priced() {
		const { doc } = this.frm;
		const rows = (doc.items || []).some((row) => flt(row.rate));
		return doc.opportunity || doc.amended_from || rows || flt(doc[this.value_field]);
	}

	get party() {
		const { doctype, doc } = this.frm;
		return {
			Opportunity: [doc.opportunity_from, doc.party_name],
			Quotation: [doc.quotation_to, doc.party_name],
			"Supplier Quotation": ["Supplier", doc.supplier],
		}[doctype];
	}

	// A new document is in the currency of its party until somebody chooses another.
	async follow_party() {
		const { doc } = this.frm;
		const [party_type, party] = this.party;
		const follows = this.frm.is_new() && doc.currency === this.proposed_currency;
		if (!follows || !party || !["Customer", "Supplier"].includes(party_type)) {
			return;
		}
		const { message } = await frappe.db.get_value(party_type, party, "default_currency");
		const currency = message?.default_currency || doc.base_currency;
		if (doc === this.frm.doc && doc.currency === this.proposed_currency && this.party[1] === party) {
			this.proposed_currency = currency;
			await this.frm.set_value("currency", currency);
		}
	}

	show_decimals() {
		for (const df of this.frm.meta.fields.filter(({ fieldtype }) => fieldtype === "Currency")) {
			this.frm.set_df_property(df.fieldname, "precision", this.decimals_for(df));
		}
		for (const field of ["conversion_rate", "inverse_rate"]) {
			this.frm.set_df_property(field, "precision", crm_pipeline.places_of(this.frm.doc[field]) || 1);
		}
		const grid = this.frm.fields_dict.items.grid;
		for (const df of grid.docfields.filter(({ fieldtype }) => fieldtype === "Currency")) {
			const written = (this.frm.doc.items || []).map((row) => crm_pipeline.places_of(row[df.fieldname]));
			grid.update_docfield_property(df.fieldname, "precision", Math.max(this.decimals_for(df), ...written));
		}
		grid.refresh();
	}

	decimals_for(df) {
		return crm_pipeline.decimals(this.frm.doc[df.options] || this.frm.doc.base_currency);
	}

	change_currency() {
		if (this.frm.doc.currency !== this.proposed_currency) {
			this.proposed_currency = null; // somebody has chosen
		}
		this.change_rate((factor) => {
			if (!this.frm.is_new() && factor !== 1) {
				this.convert(factor);
			}
		});
	}

	// Base currency per unit; what was recorded the other way round has more digits than its inverse.
	rate_of({ conversion_rate, inverse_rate }) {
		return flt(inverse_rate) ? 1 / flt(inverse_rate) : flt(conversion_rate);
	}

	// Fetch the rate anew; `then` gets the old rate over the new one.
	change_rate(then = () => {}) {
		const { doc } = this.frm;
		if (!doc.currency) {
			return;
		}
		frappe.call({
			method: "crm_pipeline.api.currency.get_rate",
			type: "GET",
			args: { currency: doc.currency, day: this.rate_day() },
			callback: ({ message: rate }) => {
				const factor = this.rate_of(doc) / this.rate_of(rate);
				Object.assign(doc, rate, { base_currency: crm_pipeline.base_currency() });
				this.frm.refresh_fields(["conversion_rate", "inverse_rate", "base_currency"]);
				this.frm.layout.refresh_dependency();
				this.show_decimals();
				then(factor);
				this.compute();
			},
		});
	}

	// What is saved is worth the same in the new currency; what is new was meant in the one chosen.
	convert(factor) {
		const { doc } = this.frm;
		(doc.items || []).forEach((row) => {
			row.rate = this.converted(row.name, flt(row.rate), factor);
		});
		doc[this.value_field] = this.converted(this.value_field, flt(doc[this.value_field]), factor);
		doc.__amounts_in = doc.currency; // so that the server does not convert them again
		const rate = flt(factor, 6);
		const shown = format_number(rate, null, crm_pipeline.places_of(rate));
		frappe.show_alert(__("Amounts were converted at {0}.", [shown]));
	}

	// Converting rounds, so back in the stored currency an amount that was only converted is as it was.
	converted(key, amount, factor) {
		const stored = this.stored_amounts();
		const known = key in stored.amounts && amount === stored.became[key];
		const restore = known && this.frm.doc.currency === stored.currency;
		const result = restore ? stored.amounts[key] : crm_pipeline.round(amount * factor, this.places);
		if (known || amount === stored.amounts[key]) {
			stored.became[key] = result;
		}
		return result;
	}

	// The amounts as the form was loaded, and what changes of the currency have made of them since.
	stored_amounts() {
		const { doc } = this.frm;
		const known = this.stored && this.stored.name === doc.name && this.stored.modified === doc.modified;
		if (!known) {
			const amounts = { [this.value_field]: flt(doc[this.value_field]) };
			(doc.items || []).forEach((row) => (amounts[row.name] = flt(row.rate)));
			const { name, modified } = doc;
			this.stored = { name, modified, amounts, became: {}, currency: this.loaded_currency };
		}
		return this.stored;
	}

	// An opportunity in play is valued at today's rate, a quotation at that of its day.
	rate_day() {
		return this.frm.doctype === "Opportunity" ? undefined : this.frm.doc.transaction_date;
	}

	async fill_row(row) {
		if (!row.item_code) {
			return;
		}
		const fields = ["item_name", "description", "stock_uom", "standard_rate"];
		const { message: item } = await frappe.db.get_value("Item", row.item_code, fields);
		const rate = crm_pipeline.round(
			flt(item.standard_rate) / (this.rate_of(this.frm.doc) || 1),
			this.places
		);
		await frappe.model.set_value(row.doctype, row.name, {
			item_name: item.item_name,
			description: item.description,
			uom: item.stock_uom,
			rate,
		});
	}

	compute() {
		const { doc } = this.frm;
		const rows = doc.items || [];
		rows.forEach((row) => this.compute_row(row));
		const sum = (field, places) =>
			crm_pipeline.round(
				rows.reduce((total, row) => total + flt(row[field]), 0),
				places
			);
		doc.total = sum("amount", this.places);
		if (rows.length) {
			doc[this.value_field] = doc.total;
			doc[`base_${this.value_field}`] = sum("base_amount", this.base_places);
		} else {
			doc[`base_${this.value_field}`] = this.in_base(doc[this.value_field]);
		}
		doc.base_total = rows.length ? doc[`base_${this.value_field}`] : 0;
		doc.total_qty = rows.reduce((total, row) => total + flt(row.qty), 0);
		this.show();
	}

	compute_row(row) {
		row.amount = crm_pipeline.round(flt(row.qty) * flt(row.rate), this.places);
		row.base_rate = this.in_base(row.rate);
		row.base_amount = this.in_base(row.amount);
	}

	in_base(amount) {
		const { conversion_rate, inverse_rate } = this.frm.doc;
		const value = flt(inverse_rate) ? flt(amount) / flt(inverse_rate) : flt(amount) * flt(conversion_rate);
		return crm_pipeline.round(value, this.base_places);
	}

	show() {
		const fields = ["total", "base_total", "total_qty", this.value_field, `base_${this.value_field}`];
		fields.filter((field) => this.frm.fields_dict[field]).forEach((field) => this.frm.refresh_field(field));
		this.frm.refresh_field("items");
		this.frm.trigger("after_amounts");
	}
};
