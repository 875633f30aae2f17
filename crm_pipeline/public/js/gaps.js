// What Is Missing: why cards and charts of a workspace say less than they could, and where to mend it.
frappe.provide("crm_pipeline");

{
	const STYLE = `
.gaps { border: 1px solid var(--border-color); border-radius: var(--border-radius-lg, 12px); padding: 10px 16px; background: var(--card-bg, var(--fg-color)); color: var(--text-color); }
.gaps h4 { margin: 0 0 4px; font-size: var(--text-base); font-weight: 600; }
.gaps ul { list-style: none; margin: 0; padding: 0; }
.gaps li { padding: 2px 0; color: var(--text-muted); }
.gaps button { border: 0; padding: 0; background: none; color: var(--text-color); font: inherit; text-align: start; text-decoration: underline; cursor: pointer; }
.gaps b { color: var(--text-color); font-weight: 600; }
`;

	// Show the block within `root`, the shadow of a Custom HTML Block; none if nothing is missing.
	crm_pipeline.show_gaps = async (root) => {
		const block = $(root.host).closest(".ce-block");
		if (!crm_pipeline.works_on_sales()) {
			block.hide();
			return;
		}
		const { message: gaps } = await frappe.call({ method: "crm_pipeline.api.gaps.get_gaps", type: "GET" });
		block.toggle(Boolean(gaps.length));
		if (!root.querySelector("style.gaps-style")) {
			$("<style class='gaps-style'>").text(STYLE).appendTo(root);
		}
		const place = root.querySelector(".gaps");
		place.innerHTML = gaps_html(gaps);
		for (const button of place.querySelectorAll("[data-gap]")) {
			button.addEventListener("click", () => open_list(gaps.find(({ key }) => key === button.dataset.gap)));
		}
	};

	const gaps_html = (gaps) =>
		`<h4>${__("What Is Missing")}</h4><ul>${gaps.map((gap) => `<li>${gap_html(gap)}</li>`).join("")}</ul>`;

	function gap_html({ key, text, count, route }) {
		const escape = frappe.utils.escape_html;
		const text_html = escape(text) + (count == null ? "" : `: <b>${cint(count)}</b>`);
		return route ? `<button type="button" data-gap="${escape(key)}">${text_html}</button>` : text_html;
	}

	function open_list({ route, route_options }) {
		frappe.route_options = route_options;
		frappe.set_route(route);
	}
}
