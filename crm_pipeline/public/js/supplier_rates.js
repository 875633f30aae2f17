// Suppliers' offers for an opportunity side by side, from which a quotation to the customer is made.
frappe.provide("crm_pipeline");

const RATES_API = "crm_pipeline.api.supplier_rates";
const escape_html = (value) => frappe.utils.escape_html(String(value ?? ""));

crm_pipeline.compare_supplier_rates = async (frm) => {
	const { message } = await frappe.call({
		method: `${RATES_API}.compare_supplier_rates`,
		type: "GET",
		args: { opportunity: frm.doc.name },
		freeze: true,
	});
	if (message.suppliers.length && message.items.length) {
		new SupplierRates(message).show();
	} else {
		frappe.msgprint({
			title: __("Nothing to Compare"),
			indicator: "blue",
			message: __("No supplier quotation names an item of this opportunity yet. Create one first."),
		});
	}
};

class SupplierRates {
	constructor(comparison) {
		Object.assign(this, comparison);
		this.preview = frappe.utils.debounce(() => this.show_prices(), 400);
	}

	show() {
		const currency = escape_html(this.currency);
		this.dialog = new frappe.ui.Dialog({
			title: __("Compare Supplier Rates"),
			size: "extra-large",
			fields: [
				{ fieldname: "table", fieldtype: "HTML" },
				{ fieldname: "margin_section", fieldtype: "Section Break" },
				...crm_pipeline.margin_fields(currency, () => this.preview()),
				{ fieldname: "others_section", fieldtype: "Section Break", hide_border: 1 },
				{
					fieldname: "with_others",
					fieldtype: "Check",
					label: __("Quote the other items too, at the opportunity's prices"),
					default: this.items.some(({ offers }) => !offers.length) ? 1 : 0,
				},
				{ fieldname: "summary_section", fieldtype: "Section Break" },
				{ fieldname: "summary", fieldtype: "HTML" },
			],
			primary_action_label: __("Make Quotation"),
			primary_action: () => this.make(),
		});
		this.draw_table();
		this.choose("cheapest");
		this.dialog.show();
	}

	get $table() {
		return this.dialog.fields_dict.table.$wrapper;
	}

	// Prices of small pieces have more decimals than their currency.
	money(value, currency) {
		const places = Math.max(crm_pipeline.decimals(currency), crm_pipeline.places_of(value));
		return escape_html(format_currency(value, currency, places));
	}

	draw_table() {
		const heads_html = this.suppliers
			.map((supplier) => {
				const head_html = this.head(supplier);
				return `<th>${head_html}</th>`;
			})
			.join("");
		const rows_html = this.items.map((item) => this.row(item)).join("");
		const margin_html = escape_html(__("Margin of the Row (%)"));
		this.$table.html(`
			<div class="mb-2" style="display: flex; flex-wrap: wrap; gap: 8px; align-items: center">
				<button class="btn btn-default btn-sm" data-choose="cheapest">${escape_html(__("Cheapest"))}</button>
				<button class="btn btn-default btn-sm" data-choose="fastest">${escape_html(__("Fastest"))}</button>
				<span class="text-muted small">${escape_html(
					__("Rates in {0}. Enter the quantity to buy from each.", [this.base_currency])
				)}</span>
			</div>
			<div style="overflow-x: auto">
				<table class="table table-bordered small" style="min-width: 520px; margin: 0">
					<thead><tr><th>${escape_html(__("Item"))}</th>${heads_html}<th>${margin_html}</th>
						<th class="text-right">${escape_html(__("Unit Price"))}</th></tr></thead>
					<tbody>${rows_html}</tbody>
				</table>
			</div>`);
		this.$table.on("click", "[data-choose]", ({ currentTarget }) => this.choose(currentTarget.dataset.choose));
		this.$table.on("click", "[data-take]", ({ currentTarget }) => this.take(currentTarget.dataset.take));
		this.$table.on("input", "input", () => this.preview());
	}

	head(supplier) {
		const { supplier_quotation: name, valid_till, request_status, final, expired, disabled } = supplier;
		const waits = request_status && request_status !== "Answered";
		const link_html = frappe.utils.get_form_link(
			"Supplier Quotation",
			name,
			true,
			escape_html(supplier.supplier_name || supplier.supplier)
		);
		const until_html = valid_till
			? escape_html(__("Valid till {0}", [frappe.datetime.str_to_user(valid_till)]))
			: "";
		const marks_html = [
			[!final && waits, frappe.boot.crm_pipeline.request_colors[request_status], __(request_status)],
			[!final && !waits, "orange", __("Not Final")],
			[expired, "red", __("Expired", null, "Supplier Quotation")],
			[disabled, "red", __("Disabled")],
		]
			.filter(([applies]) => applies)
			.map(([, color, label]) => this.pill(color, label))
			.join(" ");
		return `${link_html}<div class="text-muted" style="font-weight: normal">${until_html}</div>${marks_html}`;
	}

	pill(color, label) {
		return `<span class="indicator-pill no-indicator-dot ${escape_html(color)}">${escape_html(label)}</span>`;
	}

	row(item) {
		const cells_html = this.suppliers.map(({ supplier_quotation }) => {
			const offers = item.offers.filter((offer) => offer.supplier_quotation === supplier_quotation);
			const offers_html = offers.map((offer) => this.cell(item, offer)).join("") || this.missing();
			return `<td>${offers_html}</td>`;
		});
		const label_html = escape_html(item.item_name || item.item_code);
		const row_html = cells_html.join("");
		const margin_html = this.margin_cell(item);
		return `<tr data-item="${escape_html(item.opportunity_item)}">
			<td><b>${label_html}</b><div class="text-muted">${escape_html(item.qty)} ${escape_html(__(item.uom))}</div></td>
			${row_html}
			<td>${margin_html}</td>
			<td class="text-right text-nowrap row-price"></td>
		</tr>`;
	}

	// What nobody offers is quoted at the opportunity's price.
	margin_cell({ offers }) {
		const may_choose = offers.some((offer) => !offer.declined && offer.base_rate && !offer.other_unit);
		return may_choose
			? `<input type="number" min="0" max="99.99" step="any" class="form-control input-xs row-margin"
				style="min-width: 64px" aria-label="${escape_html(__("Margin of the Row (%)"))}">`
			: "";
	}

	missing() {
		return `<span class="text-muted">${escape_html(__("No Rate"))}</span>`;
	}

	cell(item, offer) {
		if (offer.declined) {
			return `<span class="text-muted">${escape_html(__("Declined"))}</span>`;
		}
		if (!offer.base_rate) {
			return this.missing();
		}
		const price_html = this.money(offer.rate, offer.currency);
		const foreign_html =
			offer.currency === this.base_currency ? "" : ` <span class="text-nowrap">(${price_html})</span>`;
		const terms = [
			offer.lead_time_days && __("{0} days", [offer.lead_time_days]),
			offer.minimum_qty && __("at least {0}", [offer.minimum_qty]),
			offer.uom && offer.uom !== item.uom && __("per {0}", [__(offer.uom)]),
		].filter(Boolean);
		const marks_html = [
			[item.cheapest === offer.supplier_quotation_item, "green", __("Best Price")],
			[item.fastest === offer.supplier_quotation_item && offer.lead_time_days, "blue", __("Fastest")],
			[!offer.reaches_minimum, "orange", __("Minimum Not Reached")],
			[offer.other_unit, "red", __("Other Unit")],
		]
			.filter(([applies]) => applies)
			.map(([, color, label]) => this.pill(color, label))
			.join(" ");
		const money_html = this.money(offer.base_rate, this.base_currency);
		const rate_html = `<b>${money_html}</b>`;
		const details_html = `<div class="text-muted">${escape_html(terms.join(", "))}</div>${marks_html}`;
		if (offer.other_unit) {
			return `<div style="min-width: 130px">${rate_html}${foreign_html}${details_html}</div>`;
		}
		return `<div style="min-width: 130px">
			<a data-take="${escape_html(offer.supplier_quotation_item)}" href="#" onclick="return false" title="${escape_html(__("Take all from here"))}">
				${rate_html}</a>${foreign_html}${details_html}
			<input type="number" min="0" step="any" class="form-control input-xs row-qty"
				data-offer="${escape_html(offer.supplier_quotation_item)}" aria-label="${escape_html(__("Quantity"))}">
		</div>`;
	}

	choose(kind) {
		for (const item of this.items) {
			this.fill(item, item[kind]);
		}
		this.preview();
	}

	take(name) {
		const item = this.items.find(({ offers }) =>
			offers.some((offer) => offer.supplier_quotation_item === name)
		);
		this.fill(item, name);
		this.preview();
	}

	fill(item, chosen) {
		for (const input of this.inputs(item, ".row-qty")) {
			input.value = input.dataset.offer === chosen ? item.qty : "";
		}
	}

	inputs(item, selector) {
		const row = this.$table
			.find("tr[data-item]")
			.toArray()
			.find(({ dataset }) => dataset.item === item.opportunity_item);
		return $(row).find(selector).toArray();
	}

	get picks() {
		return this.items.flatMap((item) => {
			const own = this.inputs(item, ".row-margin")[0]?.value ?? "";
			return this.inputs(item, ".row-qty")
				.filter(({ value }) => flt(value))
				.map(({ value, dataset }) => ({
					opportunity_item: item.opportunity_item,
					supplier_quotation_item: dataset.offer,
					qty: flt(value),
					...(own === "" ? {} : { margin: { percentage: flt(own) } }),
				}));
		});
	}

	// Rows of which some, but not all, has been chosen.
	get incomplete() {
		const chosen = (item) =>
			flt(
				this.inputs(item, ".row-qty").reduce((sum, { value }) => sum + flt(value), 0),
				9
			);
		return this.items
			.map((item) => ({ item, sum: chosen(item) }))
			.filter(({ item, sum }) => sum && sum !== flt(item.qty, 9));
	}

	get args() {
		const { margin_kind, margin } = this.dialog.get_values(true);
		return {
			opportunity: this.opportunity,
			picks: this.picks,
			margin: crm_pipeline.asked_margin(margin_kind, margin),
		};
	}

	async show_prices() {
		const { args, incomplete } = this;
		const asked = (this.asked = (this.asked || 0) + 1);
		this.$table.find(".row-price").empty();
		if (incomplete.length || !args.picks.length) {
			this.show_summary(this.what_is_left(incomplete));
			return;
		}
		const { message } = await frappe.call({ method: `${RATES_API}.price_supplier_rates`, args });
		if (asked !== this.asked) {
			return; // something else has been chosen meanwhile
		}
		for (const item of this.items) {
			const prices = message.rows.filter((row) => row.opportunity_item === item.opportunity_item);
			const lines = prices.map((row) => {
				const price_html = this.money(row.rate, message.currency);
				const percent_html = this.percent(row);
				return `${price_html}<div class="text-muted">${percent_html}</div>`;
			});
			$(this.inputs(item, ".row-price")).html(lines.join(""));
		}
		this.show_summary(this.sums(message));
	}

	percent({ margin_percentage }) {
		return escape_html(`${format_number(flt(margin_percentage), null, 2)} %`);
	}

	what_is_left(incomplete) {
		const lines = incomplete.map(({ item, sum }) =>
			escape_html(__("Row {0}: {1} of {2} chosen", [item.idx, sum, item.qty]))
		);
		const lines_html = lines.join("<br>") || escape_html(__("Choose at least one rate."));
		return `<div class="text-muted">${lines_html}</div>`;
	}

	sums(message) {
		const { base_currency, margin_floor, reaches_floor } = message;
		const figures = [
			[__("Cost"), this.money(message.base_cost, base_currency)],
			[__("Price"), this.money(message.base_total, base_currency)],
			[__("Margin"), `${this.money(message.base_margin, base_currency)} (${this.percent(message)})`],
		];
		const figures_html = figures.map(
			([label, value_html]) =>
				`<div><div class="text-muted small">${escape_html(label)}</div><b>${value_html}</b></div>`
		);
		const floor_html = flt(margin_floor)
			? this.pill(
					reaches_floor ? "green" : "red",
					reaches_floor
						? __("Floor of {0} % reached", [margin_floor])
						: __("Below the floor of {0} %", [margin_floor])
			  )
			: "";
		return `<div style="display: flex; flex-wrap: wrap; gap: 24px; align-items: center">
			${figures_html.join("")}${floor_html}</div>`;
	}

	show_summary(summary_html) {
		this.dialog.fields_dict.summary.$wrapper.html(summary_html);
	}

	async make() {
		const { message } = await frappe.call({
			method: `${RATES_API}.make_quotation_from_supplier_rates`,
			args: { ...this.args, with_others: this.dialog.get_value("with_others") },
			freeze: true,
		});
		this.dialog.hide();
		crm_pipeline.open_unsaved(message);
	}
}
