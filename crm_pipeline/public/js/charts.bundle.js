// Charts on our DocTypes, in workspaces, dashboards and reports: axes that say their unit, and the same figures as a table.
frappe.provide("crm_pipeline.charts");

{
	const MODULE = "CRM Pipeline";
	const INVISIBLE = "#fefefe"; // What bars stand on that float
	const LABEL_SPACE = 0.9; // Of the room that a bar has; Frappe takes 0.6 and cuts off the rest
	// On a phone: the letters of a name that tell it, the pixels of each with what is free between names, and those beside all bars.
	const [LETTERS, LETTER, BESIDE] = [8, 12, 100];
	const BETWEEN = 4; // Pixels at least between the names of points in time

	const is_ours = async (doctype) => {
		if (!doctype) return false;
		await frappe.model.with_doctype(doctype);
		return frappe.get_meta(doctype)?.module === MODULE;
	};

	// What the values of a chart are: a fieldtype and, of amounts, the currency; null for currencies that are mixed.
	const unit_of = (values) => {
		const { fieldtype, options } = values || {};
		if (fieldtype !== "Currency") return { fieldtype };
		if (!options || options === "base_currency") {
			return { fieldtype, currency: frappe.boot.crm_pipeline.base_currency };
		}
		return { fieldtype, currency: locals[":Currency"]?.[options] ? options : null };
	};

	const unit_of_widget = ({ chart_doc, report_result }) => {
		if (chart_doc.chart_type === "Report") return unit_of(report_result?.chart);
		if (chart_doc.chart_type === "Custom") return unit_of(JSON.parse(chart_doc.custom_options || "{}"));
		const summed = chart_doc.chart_type === "Group By" ? chart_doc.aggregate_function_based_on : chart_doc.value_based_on;
		return unit_of(frappe.get_meta(chart_doc.document_type)?.fields.find(({ fieldname }) => fieldname === summed));
	};

	const places_of = (value) => Math.min(crm_pipeline.places_of(value), 2);

	const with_unit = (text, { fieldtype, currency }, space = " ") => {
		if (fieldtype === "Percent") return `${text}%`;
		const symbol = fieldtype === "Currency" && currency && get_currency_symbol(currency);
		if (!symbol) return text;
		const on_right = frappe.model.get_value(":Currency", currency, "symbol_on_right");
		return on_right ? `${text}${space}${__(symbol)}` : `${__(symbol)}${space}${text}`;
	};

	// A value as the table and the tooltip of a chart write it.
	crm_pipeline.charts.format = (value, unit) => {
		if (value === null || value === undefined || value === "") return "";
		if (unit.fieldtype === "Currency" && unit.currency) {
			return format_currency(value, unit.currency, frappe.boot.crm_pipeline.decimals[unit.currency] ?? 2);
		}
		return with_unit(format_number(value, null, places_of(value)), unit);
	};

	// A value as the axis of a chart writes it: short.
	crm_pipeline.charts.format_axis = (value, unit) => {
		const number = flt(value);
		if (Math.abs(number) < 1000) return with_unit(format_number(number, null, places_of(number)), unit);
		const [digits, scale = ""] = frappe.utils.shorten_number(number, frappe.sys_defaults.country).split(" ");
		const text = format_number(Number(digits), null, places_of(Number(digits)));
		// Beside the axis is room for eight characters.
		return with_unit(scale ? `${text}\u202f${__(scale)}` : text, unit, "\u202f");
	};

	const axis_options = (unit, over_time) => ({
		numberFormatter: (value) => crm_pipeline.charts.format_axis(value, unit),
		seriesLabelSpaceRatio: LABEL_SPACE,
		// Of many points in time some are named as a whole, of other bars each as far as there is room.
		...(over_time ? { xIsSeries: 1 } : {}),
	});

	// Bars and lines, whose legend is ours; that of a pie names its pieces.
	const has_series = (type) => ["bar", "line", "axis-mixed"].includes(type);

	// Give bars on a phone the width that their names need; they are moved sideways then. Of points in time only some are named.
	function give_room(room, { labels }, { xIsSeries }) {
		const longest = Math.max(...labels.map((label) => String(label ?? "").length));
		const named = labels.length * Math.min(longest, LETTERS) * LETTER + BESIDE;
		const screen = room.parent().width();
		const needed = frappe.is_mobile() && !xIsSeries && named > screen ? named : 0;
		room.css("min-width", needed).parent().css("overflow-x", needed ? "auto" : "");
	}

	// Of points in time Frappe always names the last, even upon the name before it, which has to go then.
	function keep_apart(room, { xIsSeries }) {
		if (!xIsSeries || room.data("crm-kept-apart")) return;
		const observer = new MutationObserver(() => {
			const named = room.find(".x.axis text").toArray().filter(({ textContent }) => textContent);
			const [former, last] = named.slice(-2).map((label) => label.getBoundingClientRect());
			if (last && former.right + BETWEEN > last.left) named.at(-2).textContent = "";
		});
		observer.observe(room[0], { childList: true, subtree: true });
		room.data("crm-kept-apart", true);
	}

	// Frappe puts both into the page as markup; the label is what people have typed.
	const tooltip_options = (unit) => ({
		formatTooltipX: (label) => frappe.utils.escape_html(String(label ?? "")),
		formatTooltipY: (value) => frappe.utils.escape_html(crm_pipeline.charts.format(value, unit)),
	});

	const cell = (tag, text, attributes = {}) => $(`<${tag}></${tag}>`).text(text).attr(attributes);

	const row_of = (cells) => $("<tr></tr>").append(cells);

	function table_of({ labels, datasets }, title, unit, colors = []) {
		const shown = datasets.filter((_dataset, index) => colors[index] !== INVISIBLE);
		const floats = shown.length < datasets.length;
		const written = (value) => (floats && !value ? "" : crm_pipeline.charts.format(value, unit));
		const heads = shown.map(({ name }) => cell("th", name || __("Value"), { scope: "col", class: "text-right" }));
		const rows = labels.map((label, index) =>
			row_of([
				cell("th", label || __("Not Set"), { scope: "row", class: "font-weight-normal" }),
				...shown.map(({ values }) => cell("td", written(values[index]), { class: "text-right" })),
			]),
		);
		return $('<table class="table table-sm small mb-0"></table>').append(
			cell("caption", title, { class: "sr-only" }),
			$("<thead></thead>").append(row_of([cell("td", ""), ...heads])),
			$("<tbody></tbody>").append(rows),
		);
	}

	// Say what the picture is, and let its figures follow as a table that can be folded; whether it is stays over a redraw.
	function show_figures(picture, details, { data, title, unit, colors }) {
		picture.attr({ role: "img", "aria-label": __("Chart: {0}. Its figures follow as a table.", [title]) });
		// Charts of Frappe 15 have no unit on their axis.
		const label = unit.currency ? __("Figures as a Table, in {0}", [unit.currency]) : __("Figures as a Table");
		details
			.empty()
			.append(
				cell("summary", label).append(cell("span", `: ${title}`, { class: "sr-only" })),
				$('<div class="table-responsive"></div>').append(table_of(data, title, unit, colors)),
			);
	}

	// The series by name and colour, whole and in as many lines as they need: in the picture they are cut off. The table says the same.
	function legend_of({ datasets }, colors = []) {
		const items = datasets.flatMap(({ name }, index) => {
			if (colors[index] === INVISIBLE) return [];
			const dot = $('<span class="crm-chart-dot"></span>').css("background-color", colors[index]);
			return [$("<span></span>").append(dot, document.createTextNode(name || __("Value")))];
		});
		return $('<div class="crm-chart-legend small" aria-hidden="true"></div>').append(items.length > 1 ? items : []);
	}

	frappe.dom.set_style(
		`.chart-container svg.frappe-chart { overflow: visible; }
		.crm-chart-legend { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0 8px 8px 50px; color: var(--text-color); }
		.crm-chart-dot { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-inline-end: 6px; }`,
		"crm-chart-legend",
	);

	const new_details = () => $('<details class="crm-chart-figures text-muted small px-2 pb-2"></details>');

	const has_figures = (data) => Boolean(data?.labels?.length && data.datasets?.length);

	const widget = frappe.widget.widget_factory.chart.prototype;
	const { get_chart_args, render } = widget;

	widget.get_chart_args = function () {
		const args = get_chart_args.call(this);
		if (!this.of_crm_pipeline) return args;
		const unit = unit_of_widget(this);
		// Frappe names the one series of a chart like the chart, in English.
		const { chart_name } = this.chart_doc;
		for (const series of args.data?.datasets ?? []) {
			if (series.name === chart_name) series.name = __(chart_name);
		}
		Object.assign(args.axisOptions, axis_options(unit, this.report_result?.chart?.over_time));
		Object.assign(args.tooltipOptions, tooltip_options(unit));
		if (!has_series(args.type)) return args;
		give_room(this.chart_wrapper, args.data, args.axisOptions);
		keep_apart(this.chart_wrapper, args.axisOptions);
		this.colors_of_series = args.colors;
		return { ...args, showLegend: 0 };
	};

	widget.render = async function () {
		this.of_crm_pipeline = await is_ours(await this.get_source_doctype());
		await render.call(this);
		if (!this.of_crm_pipeline) return;
		let details = this.body.children(".crm-chart-figures");
		this.body.children(".crm-chart-legend").remove();
		if (!has_figures(this.data)) {
			details.remove();
			return;
		}
		if (!details.length) details = new_details().insertAfter(this.chart_wrapper);
		if (this.colors_of_series) legend_of(this.data, this.colors_of_series).insertBefore(details);
		this.chart_doc.document_type ||= await this.get_source_doctype();
		show_figures(this.chart_wrapper, details, {
			data: this.data,
			title: __(this.label || this.chart_doc.chart_name),
			unit: unit_of_widget(this),
			colors: this.report_result?.chart?.colors,
		});
	};

	const report = frappe.views.QueryReport.prototype;
	const { render_chart } = report;

	report.render_chart = function (options) {
		if (this.report_doc?.module !== MODULE) {
			render_chart.call(this, options);
			return;
		}
		const unit = unit_of(options);
		const axisOptions = { ...options.axisOptions, ...axis_options(unit, options.over_time) };
		const args = { ...options, axisOptions, tooltipOptions: tooltip_options(unit) };
		const legend = has_figures(options.data) && has_series(options.type) ? legend_of(options.data, options.colors) : null;
		const whole = this.$chart.empty().show();
		const room = $("<div></div>").appendTo($("<div></div>").appendTo(whole));
		if (legend) {
			give_room(room, options.data, axisOptions);
			keep_apart(room, axisOptions);
		}
		this.$chart = room;
		try {
			render_chart.call(this, legend ? { ...args, showLegend: 0 } : args);
		} finally {
			this.$chart = whole;
		}
		if (!has_figures(options.data)) return;
		whole.append(legend);
		show_figures(room.children(".chart-container"), new_details().appendTo(whole), {
			data: options.data,
			title: __(this.report_name),
			unit,
			colors: options.colors,
		});
	};
}
