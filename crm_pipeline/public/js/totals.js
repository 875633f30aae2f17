// Discounts, taxes and totals of a quotation while they are typed, as `rules/totals.py` and `rules/row_prices.py`
// settle them on save. Amounts are counted in the smallest units of the currency, as BigInt.
frappe.provide("crm_pipeline");

crm_pipeline.fixed = {
	// A number as written, times ten to the power of `places`, rounded half away from zero.
	units(value, places) {
		const [mantissa, exponent] = flt(value).toExponential().split("e");
		const [whole, fraction = ""] = mantissa.split(".");
		return this.scaled(BigInt(whole + fraction), Number(exponent) - fraction.length + places);
	},

	scaled(digits, power) {
		return power >= 0 ? digits * 10n ** BigInt(power) : this.divide(digits, 10n ** BigInt(-power));
	},

	// Rounded half away from zero; the divisor is positive.
	divide(dividend, divisor) {
		const sign = dividend < 0n ? -1n : 1n;
		return sign * ((2n * sign * dividend + divisor) / (2n * divisor));
	},

	amount(units, places) {
		return Number(`${units}e-${places}`);
	},

	// Percentages have six decimals at most here.
	share(units, percentage) {
		return this.divide(units * this.units(percentage, 6), 100000000n);
	},

	// Whole shares in proportion to weights; what is left goes to the largest remainders, the earlier one of equals.
	distribute(units, weights) {
		const whole = weights.reduce((sum, weight) => sum + weight, 0n);
		if (!whole) {
			return weights.map(() => 0n);
		}
		const shares = weights.map((weight) => (units * weight) / whole);
		const remainders = weights.map((weight) => (units * weight) % whole);
		const left = Number(units - shares.reduce((sum, share) => sum + share, 0n));
		const order = [...weights.keys()];
		order.sort((a, b) => {
			const difference = remainders[b] - remainders[a];
			return difference ? (difference > 0n ? 1 : -1) : a - b;
		});
		order.slice(0, left).forEach((place) => shares[place]++);
		return shares;
	},
};

crm_pipeline.totals = {
	of_rows(amounts, discount, charges, places) {
		const { fixed } = crm_pipeline;
		const sum = (values) => values.reduce((total, value) => total + value, 0n);
		const rows = amounts.map((amount) => fixed.units(amount, places));
		const off = fixed.units(discount, places);
		const shares = fixed.distribute(off, rows);
		const gross = rows.map((row, place) => row - shares[place]);
		const rates = charges.filter(({ included }) => included).map(({ rate }) => fixed.units(rate, 6));
		const net = fixed.divide((sum(rows) - off) * 100000000n, 100000000n + sum(rates));
		const included = fixed.distribute(sum(rows) - off - net, rates);
		return this.finish(rows, fixed.distribute(net, gross), off, net, charges, included, places);
	},

	of_net_total(net_total, charges, places) {
		const on_top = charges.map((charge) => ({ ...charge, included: false }));
		return this.finish([], [], 0n, crm_pipeline.fixed.units(net_total, places), on_top, [], places);
	},

	finish(rows, net_rows, off, net, charges, included, places) {
		const { fixed } = crm_pipeline;
		const taken_out = included[Symbol.iterator]();
		const charged = charges.map((charge) =>
			charge.included
				? taken_out.next().value
				: charge.charge_type === "Actual"
				? fixed.units(charge.amount, places)
				: fixed.share(net, charge.rate)
		);
		let running = net;
		const running_totals = charged.map((units) => (running += units));
		const amount = (units) => fixed.amount(units, places);
		return {
			net_amounts: net_rows.map(amount),
			charge_amounts: charged.map(amount),
			running_totals: running_totals.map(amount),
			total: amount(rows.reduce((total, units) => total + units, 0n)),
			discount_amount: amount(off),
			net_total: amount(net),
			total_charges: amount(running - net),
			grand_total: amount(running),
		};
	},
};

crm_pipeline.QuotationAmounts = class QuotationAmounts extends crm_pipeline.Amounts {
	refresh() {
		super.refresh();
		this.propose_charges();
	}

	// A new quotation starts with the charges of the default template; what the user makes of them is sent as chosen.
	// One that continues or copies another keeps the charges of that, also none.
	propose_charges() {
		const { doc } = this.frm;
		if (!this.frm.is_new() || doc.__charges_chosen) {
			return;
		}
		if (doc.replaces || doc.amended_from || this.is_copy()) {
			doc.__charges_chosen = 1;
		} else if (!doc.taxes_and_charges && !doc.taxes?.length) {
			this.take_charges();
		}
	}

	// Desk marks what Duplicate and Amend make: links in it are not to fetch anew.
	is_copy() {
		return this.frm.doc.__run_link_triggers === false;
	}

	async take_charges(template) {
		const { doc } = this.frm;
		doc.__charges_chosen = 1;
		const { message } = await frappe.call({
			method: "crm_pipeline.api.charges.get_charges",
			type: "GET",
			args: { template, currency: doc.currency || doc.base_currency, day: doc.transaction_date },
		});
		if (doc !== this.frm.doc) {
			return;
		}
		doc.taxes_and_charges = message.taxes_and_charges;
		this.frm.clear_table("taxes");
		message.taxes.forEach((row) => this.frm.add_child("taxes", row));
		this.frm.refresh_field("taxes_and_charges");
		this.compute();
		this.frm.refresh_fields();
	}

	show_decimals() {
		super.show_decimals();
		const { grid } = this.frm.fields_dict.taxes;
		for (const df of grid.docfields.filter(({ fieldtype }) => fieldtype === "Currency")) {
			grid.update_docfield_property(df.fieldname, "precision", this.decimals_for(df));
		}
		grid.refresh();
	}

	// Another item has another list price, and no discount yet.
	async fill_row(row) {
		if (row.item_code) {
			Object.assign(row, { price_list_rate: 0, discount_percentage: 0, discount_amount: 0 });
		}
		await super.fill_row(row);
	}

	// Decimals of prices: those of the currency, or more where the list price has more.
	price_places(row) {
		return Math.max(this.places, crm_pipeline.places_of(row.price_list_rate));
	}

	type_rate(row) {
		const list_price = flt(row.price_list_rate);
		if (flt(row.discount_amount) && flt(row.rate) < list_price) {
			const places = Math.max(this.price_places(row), crm_pipeline.places_of(row.rate));
			row.discount_amount = crm_pipeline.round(list_price - flt(row.rate), places);
			row.discount_percentage = 0;
		} else {
			Object.assign(row, { price_list_rate: row.rate, discount_percentage: 0, discount_amount: 0 });
		}
		this.compute();
	}

	type_row_discount(row, field) {
		if (field === "discount_amount") {
			row.discount_percentage = 0;
		} else if (!flt(row.discount_percentage)) {
			row.discount_amount = 0;
		}
		row.price_list_rate = row.price_list_rate || row.rate;
		this.compute();
	}

	type_discount(field) {
		const { doc } = this.frm;
		if (field === "discount_amount") {
			doc.additional_discount_percentage = 0;
			this.frm.refresh_field("additional_discount_percentage");
		} else if (!flt(doc.additional_discount_percentage)) {
			doc.discount_amount = 0;
		}
		this.compute();
	}

	compute_row(row) {
		const { fixed } = crm_pipeline;
		if (flt(row.price_list_rate) || flt(row.discount_amount)) {
			const places = this.price_places(row);
			if (flt(row.discount_percentage)) {
				const units = fixed.share(fixed.units(row.price_list_rate, places), row.discount_percentage);
				row.discount_amount = fixed.amount(units, places);
			}
			const exact = Math.max(places, crm_pipeline.places_of(row.discount_amount));
			row.rate = crm_pipeline.round(flt(row.price_list_rate) - flt(row.discount_amount), exact);
		} else {
			row.price_list_rate = row.rate;
		}
		super.compute_row(row);
	}

	compute() {
		super.compute();
		const { doc } = this.frm;
		const items = doc.items || [];
		if (flt(doc.additional_discount_percentage)) {
			const { fixed } = crm_pipeline;
			const off = fixed.share(fixed.units(doc.total, this.places), doc.additional_discount_percentage);
			doc.discount_amount = fixed.amount(off, this.places);
		}
		const sums = items.length
			? crm_pipeline.totals.of_rows(this.values(items, "amount"), doc.discount_amount, this.charges(), this.places)
			: crm_pipeline.totals.of_net_total(doc.net_total, this.charges(), this.places);
		this.write(sums, "", this.places);
		this.write(this.sums_in_base(sums), "base_", this.base_places);
		this.show();
	}

	values(rows, field) {
		return rows.map((row) => row[field]);
	}

	charges() {
		return (this.frm.doc.taxes || []).map((row) => ({
			charge_type: row.charge_type,
			rate: row.charge_type === "Actual" ? 0 : row.rate,
			amount: row.tax_amount,
			included: row.charge_type !== "Actual" && Boolean(row.included_in_print_rate),
		}));
	}

	sums_in_base(sums) {
		const places = this.base_places;
		const sum = (values) => crm_pipeline.round(values.reduce((total, value) => total + value, 0), places);
		const [net_amounts, charge_amounts] = [sums.net_amounts, sums.charge_amounts].map((values) =>
			values.map((value) => this.in_base(value))
		);
		const net_total = net_amounts.length ? sum(net_amounts) : this.in_base(sums.net_total);
		return {
			net_amounts,
			charge_amounts,
			running_totals: charge_amounts.map((_, place) => sum([net_total, ...charge_amounts.slice(0, place + 1)])),
			total: sum(this.values(this.frm.doc.items || [], "base_amount")),
			discount_amount: this.in_base(sums.discount_amount),
			net_total,
			total_charges: sum(charge_amounts),
			grand_total: sum([net_total, ...charge_amounts]),
		};
	}

	write(sums, prefix, places) {
		const { doc } = this.frm;
		(doc.items || []).forEach((row, place) => {
			row[`${prefix}net_amount`] = sums.net_amounts[place];
			row[`${prefix}net_rate`] = crm_pipeline.round(sums.net_amounts[place] / (flt(row.qty) || 1), places);
		});
		(doc.taxes || []).forEach((row, place) => {
			row[`${prefix}tax_amount`] = sums.charge_amounts[place];
			row[`${prefix}total`] = sums.running_totals[place];
		});
		const { total, discount_amount, net_total, total_charges, grand_total } = sums;
		const head = { total, discount_amount, net_total, total_taxes_and_charges: total_charges, grand_total };
		Object.entries(head).forEach(([field, value]) => (doc[prefix + field] = value));
		const shown = Object.keys(head).map((field) => prefix + field);
		shown.filter((field) => this.frm.fields_dict[field]).forEach((field) => this.frm.refresh_field(field));
	}

	show() {
		super.show();
		this.frm.refresh_field("taxes");
		this.frm.layout.refresh_dependency();
	}

	// What is typed beside the rates is worth the same in the new currency, too.
	convert(factor) {
		const { doc } = this.frm;
		for (const [record, field] of this.typed_beside_rates()) {
			const key = record === doc ? field : `${record.name}.${field}`;
			record[field] = this.converted(key, flt(record[field]), factor);
		}
		super.convert(factor);
	}

	typed_beside_rates() {
		const { doc } = this.frm;
		const rows = (doc.items || []).flatMap((row) => [
			[row, "price_list_rate"],
			[row, "discount_amount"],
		]);
		const charges = (doc.taxes || []).filter((row) => row.charge_type === "Actual");
		return [...rows, [doc, "discount_amount"], ...charges.map((row) => [row, "tax_amount"])];
	}

	stored_amounts() {
		const stored = super.stored_amounts();
		if (!stored.has_all) {
			stored.has_all = true;
			for (const [record, field] of this.typed_beside_rates()) {
				const key = record === this.frm.doc ? field : `${record.name}.${field}`;
				stored.amounts[key] = flt(record[field]);
			}
		}
		return stored;
	}
};
