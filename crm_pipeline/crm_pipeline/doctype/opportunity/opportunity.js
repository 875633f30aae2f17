const OPPORTUNITY = "crm_pipeline.crm_pipeline.doctype.opportunity.opportunity";

// Where the kind of party is locked, Frappe shows it in English to whoever may not read DocTypes.
frappe.form.link_formatters.DocType ||= (value) => value && __(value);

frappe.ui.form.on("Opportunity", {
	setup(frm) {
		frm.amounts = new crm_pipeline.Amounts(frm, "opportunity_amount");
		frm.email_field = "contact_email";
		frm.make_methods = {
			Quotation: () => make_quotation(frm),
			"Supplier Quotation": () => make(frm, "make_supplier_quotation"),
		};
		set_queries(frm);
	},

	onload(frm) {
		if (frm.is_new()) {
			set_defaults(frm);
		}
		frm.party_type = frm.doc.opportunity_from;
	},

	refresh(frm) {
		frm.amounts.refresh();
		lock_amount(frm);
		frm.process = frm.doc.sales_process;
		show_stages(frm);
		limit_statuses(frm);
		show_pause(frm);
		frm.add_custom_button(__("Show Tour"), () => show_tour(frm), frm.is_new() ? null : __("Actions"));
		if (!frm.is_new()) {
			add_create_buttons(frm);
			add_comparison(frm);
			add_actions(frm);
			crm_pipeline.show_requests(frm, facts(frm).requests);
		}
	},

	opportunity_from(frm) {
		if (frm.party_type !== frm.doc.opportunity_from) {
			frm.party_type = frm.doc.opportunity_from;
			frm.set_value("party_name", null);
		}
	},

	party_name(frm) {
		frm.set_value("contact_person", null);
		frm.amounts.follow_party();
	},

	sales_process(frm) {
		const former = frm.process;
		frm.process = frm.doc.sales_process;
		if (frm.is_new()) {
			frm.set_value("sales_stage", null);
		}
		load_stages(frm, (stages) => crm_pipeline.choose_stage(frm, stages, former));
	},

	sales_stage(frm) {
		show_stages(frm);
		show_weighted(frm);
	},

	currency: (frm) => frm.amounts.change_currency(),

	opportunity_amount: (frm) => frm.amounts.compute(),

	amount_follows_quotation: (frm) => lock_amount(frm),

	probability: (frm) => show_weighted(frm),

	after_amounts: (frm) => show_weighted(frm),

	with_items(frm) {
		if (!frm.doc.with_items && (frm.doc.items || []).length) {
			ask_to_clear_items(frm);
		}
	},
});

frappe.ui.form.on("Opportunity Item", {
	item_code: (frm, cdt, cdn) => frm.amounts.fill_row(locals[cdt][cdn]),
	qty: (frm) => frm.amounts.compute(),
	rate: (frm) => frm.amounts.compute(),
	items_remove: (frm) => frm.amounts.compute(),
});

function make(frm, method) {
	frappe.model.open_mapped_doc({ method: `${OPPORTUNITY}.${method}`, frm });
}

// Several items need not all be offered at once.
function make_quotation(frm) {
	const { items = [], name } = frm.doc;
	if (items.length < 2 || frm.is_dirty()) {
		make(frm, "make_quotation");
		return;
	}
	const open = ({ items: filtered_children }) =>
		frappe.model.open_mapped_doc({
			method: `${OPPORTUNITY}.make_quotation`,
			source_name: name,
			args: { filtered_children },
		});
	crm_pipeline.pick_rows({
		frm,
		rows: items,
		title: __("Make Quotation"),
		primary_action_label: __("Make Quotation"),
		action: (values, close) => {
			close();
			open(values);
		},
	});
}

function set_queries(frm) {
	frm.set_query("opportunity_from", () => ({
		filters: { name: ["in", frappe.boot.crm_pipeline.party_types] },
	}));
	frm.set_query("contact_person", () => {
		const { opportunity_from: link_doctype, party_name: link_name } = frm.doc;
		return link_name
			? {
					query: "frappe.contacts.doctype.contact.contact.contact_query",
					filters: { link_doctype, link_name },
			  }
			: {};
	});
	frm.set_query("sales_stage", () => {
		const stages = stages_of(frm).map((stage) => stage.name);
		return stages.length ? { filters: { name: ["in", stages] } } : {};
	});
	frm.set_query("sales_process", () => ({ filters: { disabled: 0 } }));
	frm.set_query("item_code", "items", () => ({ filters: { disabled: 0 } }));
	frm.set_query("next_contact_by", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	frm.set_query("opportunity_owner", () => ({ filters: { enabled: 1, user_type: "System User" } }));
}

function set_defaults(frm) {
	const { doc } = frm;
	if (!frappe.boot.crm_pipeline.assigned_by_rules.includes(doc.doctype)) {
		doc.opportunity_owner = doc.opportunity_owner || frappe.session.user;
	}
	if (!doc.opportunity_from && frappe.boot.crm_pipeline.party_types.includes("Customer")) {
		doc.opportunity_from = "Customer";
	}
}

function facts(frm) {
	return frm.doc.__onload?.desk || { actions: [], stages: [], open_quotations: [] };
}

async function show_tour(frm) {
	await frm.tour.init({ tour_name: "Opportunity" });
	frm.tour.start();
}

function stages_of(frm) {
	return facts(frm).stages;
}

function load_stages(frm, done) {
	if (!frm.doc.sales_process) {
		return;
	}
	frappe.db.get_doc("Sales Process", frm.doc.sales_process).then((process) => {
		const stages = process.stages.map((row) => ({
			name: row.sales_stage,
			type: row.stage_type,
			probability: row.probability,
		}));
		frm.doc.__onload = { ...frm.doc.__onload, desk: { ...facts(frm), stages } };
		show_stages(frm);
		done(stages);
	});
}

function limit_statuses(frm) {
	const allowed = frm.is_new() ? frappe.boot.crm_pipeline.statuses.for_new : facts(frm).statuses;
	if (allowed) {
		frm.set_df_property("status", "options", allowed);
	}
}

function show_stages(frm) {
	const wrapper = frm.fields_dict.stage_progress.$wrapper.empty();
	const stages = stages_of(frm);
	const shown = stages.filter((stage) => stage.type === "Open" || stage.name === frm.doc.sales_stage);
	const position = shown.findIndex((stage) => stage.name === frm.doc.sales_stage);
	const colors = { Open: "var(--blue-500)", Won: "var(--green-500)", Lost: "var(--red-500)" };
	const escape = frappe.utils.escape_html;
	const bars = shown.map((stage, index) => {
		const type = shown[position]?.type;
		const passed = type === "Lost" ? index === position : index <= position;
		const color = passed ? colors[type] : "var(--border-color)";
		const present = index === position ? "font-weight: bold; color: var(--text-color)" : "";
		return `<div style="flex: 1; min-width: 0">
			<div style="height: 6px; border-radius: 3px; background: ${escape(color)}"></div>
			<div class="small text-muted ellipsis" style="margin-top: 4px; ${escape(present)}">
				${escape(__(stage.name))}
			</div>
		</div>`;
	});
	wrapper.html(bars.length ? `<div style="display: flex; gap: 6px">${bars.join("")}</div>` : "");
	wrapper.append(crm_pipeline.progress_line(frm));
}

// What follows from quotations is not typed.
function lock_amount(frm) {
	const follows = frm.doc.amount_follows_quotation && facts(frm).is_quoted;
	frm.set_df_property("opportunity_amount", "read_only", follows ? 1 : 0);
}

function show_pause(frm) {
	const { status, paused_until, pause_reason } = frm.doc;
	if (status !== "Paused" || !paused_until) {
		return;
	}
	const text_html = __("Paused until {0}", [frappe.datetime.str_to_user(paused_until)]);
	const reason = pause_reason ? `: ${frappe.utils.html2text(pause_reason)}` : "";
	frm.set_intro(`<b>${text_html}</b>${frappe.utils.escape_html(reason)}`, "blue");
}

function show_weighted(frm) {
	const { base_opportunity_amount, probability, base_currency } = frm.doc;
	frm.doc.weighted_amount = crm_pipeline.round(
		(flt(base_opportunity_amount) * flt(probability)) / 100,
		crm_pipeline.decimals(base_currency)
	);
	frm.refresh_field("weighted_amount");
}

function ask_to_clear_items(frm) {
	frappe.confirm(
		__("Remove the item rows ({0})?", [frm.doc.items.length]),
		() => {
			frm.clear_table("items");
			frm.amounts.compute();
		},
		() => frm.set_value("with_items", 1)
	);
}

function add_create_buttons(frm) {
	const { customer, quotes_again } = facts(frm);
	const { status, opportunity_from, party_name } = frm.doc;
	const { Quotation, "Supplier Quotation": supplier_quotation } = frm.make_methods;
	const is_over = frappe.boot.crm_pipeline.statuses.ended.includes(status);
	const becomes_customer = opportunity_from === "Lead" && party_name && !customer;
	crm_pipeline.add_create_buttons(frm, {
		...(!is_over || quotes_again ? { Quotation } : {}),
		...(is_over ? {} : { "Supplier Quotation": supplier_quotation }),
		...(is_over || !frm.doc.items?.length
			? {}
			: { "Request for Rates": () => crm_pipeline.ask_suppliers(frm) }),
		...(becomes_customer ? { Customer: () => make(frm, "make_customer") } : {}),
	});
}

function add_comparison(frm) {
	const is_over = frappe.boot.crm_pipeline.statuses.ended.includes(frm.doc.status);
	const may = frappe.model.can_read("Supplier Quotation") && crm_pipeline.can_make("Quotation");
	if (may && (frm.doc.items || []).length && (!is_over || facts(frm).quotes_again)) {
		frm.add_custom_button(
			__("Quotation from Supplier Rates"),
			() => crm_pipeline.compare_supplier_rates(frm),
			__("Create")
		);
	}
}

function add_actions(frm) {
	if (!frm.perm[0].write) {
		return;
	}
	const { actions, next_stage, previous_stage } = facts(frm);
	const { sales_stage: from_stage, status: from_status } = frm.doc;
	const run = (method, args) => () => crm_pipeline.run_method(frm, method, args);
	const menu = [
		[__("Next Stage"), next_stage, () => advance(frm)],
		[__("Previous Stage"), previous_stage, run("step_back", { from_stage })],
		[__("Won"), actions.includes("mark_won"), () => ask_won(frm)],
		[__("Lost"), actions.includes("declare_lost"), () => crm_pipeline.declare_lost(frm)],
		[__("Pause"), actions.includes("pause"), () => crm_pipeline.ask_pause(crm_pipeline.on_form(frm))],
		[__("Resume"), actions.includes("resume"), run("resume")],
		[__("Reopen"), actions.includes("reopen"), run("reopen", { from_status })],
	];
	for (const [label, sensible, action] of menu) {
		if (sensible) {
			frm.add_custom_button(label, action, __("Actions"));
		}
	}
}

function advance(frm) {
	const next = stages_of(frm).find((stage) => stage.name === facts(frm).next_stage);
	if (next.type === "Won") {
		ask_won(frm);
	} else {
		crm_pipeline.run_method(frm, "advance", { from_stage: frm.doc.sales_stage });
	}
}

function ask_won(frm) {
	ask(frm, "mark_won", __("Won: {0}", [frappe.utils.escape_html(frm.doc.title)]), __("Mark as Won"), [
		{
			fieldname: "close_revenue",
			fieldtype: "Float",
			label: __("Revenue ({0})", [frappe.utils.escape_html(frm.doc.currency)]),
			precision: crm_pipeline.decimals(frm.doc.currency),
			default: frm.doc.opportunity_amount,
		},
		{
			fieldname: "closed_on",
			fieldtype: "Date",
			label: __("Closed On"),
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
	]);
}

function ask(frm, method, title, primary_action_label, fields) {
	const from_status = frm.doc.status;
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		primary_action_label,
		primary_action: (values) =>
			crm_pipeline.run_method(frm, method, { ...values, from_status }, () => dialog.hide()),
	});
	dialog.show();
}
