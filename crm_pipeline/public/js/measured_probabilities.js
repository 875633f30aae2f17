// Setting the probabilities of stages to what Probability Check measured; that report's script includes this file.
frappe.provide("crm_pipeline");

(() => {
	const API = "crm_pipeline.api.probabilities";
	const UNDO_SECONDS = 30;
	const escape_html = (value) => frappe.utils.escape_html(String(value ?? ""));

	// The button of the report, for whoever may set probabilities.
	crm_pipeline.offer_measured_probabilities = (report) => {
		if (!frappe.model.can_write("Sales Process")) return;
		report.page.add_inner_button(__("Apply Measured Probabilities"), () => open_dialog(report));
	};

	async function open_dialog(report) {
		const filters = report.get_filter_values();
		const { message } = await frappe.call({
			method: `${API}.preview_measured_probabilities`,
			type: "GET",
			args: { filters },
			freeze: true,
		});
		new MeasuredProbabilities(report, filters, message).show();
	}

	class MeasuredProbabilities {
		constructor(report, filters, preview) {
			Object.assign(this, { report, filters, ...preview });
		}

		show() {
			this.dialog = new frappe.ui.Dialog({
				title: __("Apply Measured Probabilities"),
				size: "large",
				fields: [
					{ fieldname: "table", fieldtype: "HTML" },
					{ fieldname: "summary", fieldtype: "HTML" },
				],
				primary_action_label: __("Set Probabilities"),
				primary_action: () => this.apply(),
			});
			this.$table.html(this.table_html());
			this.$table.on("change", "input", () => this.show_summary());
			this.show_summary();
			this.dialog.show();
		}

		get $table() {
			return this.dialog.fields_dict.table.$wrapper;
		}

		// What is measured, and is not the stage's probability already.
		can_change(row) {
			return row.measured !== null && row.measured !== row.probability;
		}

		percent(value, decimals = 0) {
			return value === null ? "–" : `${format_number(value, null, decimals)} %`;
		}

		table_html() {
			const heads = [
				["", ""],
				[__("Stage"), ""],
				[__("Now"), "text-right"],
				[__("Measured"), "text-right"],
				[__("Between"), "text-right"],
				[__("Decided"), "text-right"],
				[__("Will Follow"), "text-right"],
				[__("Set by Hand"), "text-right"],
			];
			const heads_html = heads
				.map(([label, align]) => `<th class="${escape_html(align)}" style="white-space: nowrap">${escape_html(label)}</th>`)
				.join("");
			const rows_html = this.rows.map((row, place) => this.row_html(row, place)).join("");
			const note = __(
				"A share is measured where at least {0} opportunities are decided. Open opportunities that have their stage's probability follow; a number set by hand stays.",
				[this.fewest]
			);
			return `<p class="text-muted small">${escape_html(note)}</p>
				<div style="overflow-x: auto"><table class="table table-bordered small" style="min-width: 560px; margin: 0">
				<thead><tr>${heads_html}</tr></thead><tbody>${rows_html}</tbody></table></div>`;
		}

		row_html(row, place) {
			const state = this.can_change(row) ? "checked" : "disabled";
			const name = `${__(row.sales_process)}: ${row.label}`;
			const between =
				row.measured === null ? "–" : `${this.percent(row.share_from, 1)} – ${this.percent(row.share_to, 1)}`;
			const numbers = [
				this.percent(row.probability),
				this.percent(row.measured),
				between,
				row.decided,
				row.following,
				row.kept,
			];
			const cells_html = numbers
				.map((text) => `<td class="text-right" style="white-space: nowrap">${escape_html(text)}</td>`)
				.join("");
			return `<tr><td><input type="checkbox" data-place="${escape_html(place)}" aria-label="${escape_html(
				name
			)}" ${escape_html(state)}></td>
				<td>${escape_html(row.label)}<div class="text-muted">${escape_html(__(row.sales_process))}</div></td>${cells_html}</tr>`;
		}

		chosen() {
			return this.$table
				.find("input:checked")
				.get()
				.map((input) => this.rows[Number(input.dataset.place)]);
		}

		show_summary() {
			const rows = this.chosen();
			const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
			const text = rows.length
				? __("Stages: {0}. Opportunities that follow: {1}. Kept as set by hand: {2}.", [
						rows.length,
						sum("following"),
						sum("kept"),
				  ])
				: __("No stage is chosen.");
			this.dialog.fields_dict.summary.$wrapper.html(`<p class="mt-3">${escape_html(text)}</p>`);
			this.dialog.get_primary_btn().prop("disabled", !rows.length);
		}

		async apply() {
			const stages = this.chosen().map(({ sales_process, sales_stage, probability, measured }) => ({
				sales_process,
				sales_stage,
				probability,
				measured,
			}));
			const { message } = await frappe.call({
				method: `${API}.apply_measured_probabilities`,
				args: { stages, filters: this.filters },
				freeze: true,
				btn: this.dialog.get_primary_btn(),
			});
			this.dialog.hide();
			tell(this.report, message);
			this.report.refresh();
		}
	}

	// What was done, with a way back for a while.
	function tell(report, done) {
		const text = __("Stages: {0}. Opportunities that followed: {1}. Kept as set by hand: {2}.", [
			done.stages,
			done.opportunities,
			done.kept,
		]);
		const undo_html = done.stages ? `<a href="#" data-action="undo" style="text-decoration: underline">${escape_html(__("Undo"))}</a>` : "";
		const alert = frappe.show_alert(
			{ message: `${escape_html(text)} ${undo_html}`, indicator: "green" },
			UNDO_SECONDS,
			{
				undo: (event) => {
					event?.preventDefault?.();
					alert?.remove?.();
					undo(report, done);
				},
			}
		);
	}

	async function undo(report, { changed, at }) {
		const { message } = await frappe.call({
			method: `${API}.undo_measured_probabilities`,
			args: { changed, at },
			freeze: true,
		});
		frappe.show_alert({
			message: escape_html(
				__("Undone. Stages: {0}. Opportunities that followed: {1}.", [message.stages, message.opportunities])
			),
			indicator: "blue",
		});
		report.refresh();
	}
})();
