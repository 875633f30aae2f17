/** The panel with the fields of one opportunity. */

const DOCTYPE = "Opportunity";
const RATE_DIGITS = 9;
const SCHEMES = { Email: "mailto:", Phone: "tel:" };

/**
 * @param {HTMLDialogElement} dialog
 * @param {object} tools `fillSlots`, `values`, `textOf`, `api`
 * @param {function} personOf user => full name
 * @param {function} followUp ("done" or "snooze", name) => called when that is chosen
 */
export function createRecord(dialog, tools, personOf, followUp) {
	const { fillSlots, values, api } = tools;
	const body = dialog.querySelector(".body");
	const deskForm = document.querySelector('meta[name="desk-form"]').content;
	const card = document.getElementById("card").content.firstElementChild.dataset;
	const statusField = JSON.parse(card.statuses);
	const inPlay = JSON.parse(card.inPlay);
	const followUps = [...dialog.querySelectorAll("[data-follow-up]")];
	let loading = null;
	let shown = "";

	dialog.querySelector(".close").addEventListener("click", () => dialog.close());
	dialog.addEventListener("click", (event) => {
		if (event.target === dialog) dialog.close();
	});

	for (const button of followUps) {
		button.addEventListener("click", () => followUp(button.dataset.followUp, shown));
	}

	/** Load and show an opportunity; the panel opens at once. */
	async function open(name) {
		shown = name;
		for (const button of followUps) button.hidden = true;
		loading?.abort();
		loading = new AbortController();
		fillSlots(dialog, { name, title: "…", party: "", amount: "", status: "", problem: "" });
		document.getElementById("desk-link").href = deskForm + encodeURIComponent(name);
		dialog.classList.add("loading");
		if (!dialog.open) dialog.showModal();
		try {
			show(await api.getDocument(DOCTYPE, name, loading.signal));
		} catch (error) {
			if (error.name !== "AbortError") fail(error);
		}
	}

	function show(opportunity) {
		dialog.classList.remove("loading");
		fillSlots(dialog, {
			title: opportunity.title,
			party: opportunity.customer_name === opportunity.title ? "" : opportunity.customer_name,
			amount: values.money(opportunity.opportunity_amount, opportunity.currency),
			status: statusField[opportunity.status] ?? opportunity.status,
		});
		dialog.querySelector(".status").dataset.status = opportunity.status;
		for (const field of body.querySelectorAll(".field")) showField(field, opportunity);
		for (const section of body.querySelectorAll("section")) {
			section.hidden = !section.querySelector(".field:not([hidden])");
		}
		for (const button of followUps) button.hidden = !opportunity.next_contact_date || !inPlay.includes(opportunity.status);
		body.scrollTop = 0;
		document.getElementById("record-title").focus();
	}

	function fail(error) {
		dialog.classList.remove("loading");
		for (const section of body.querySelectorAll("section")) section.hidden = true;
		fillSlots(dialog, { title: "", problem: error.message || dialog.dataset.offline });
	}

	/** A field that is empty or says nothing new is not shown. */
	function showField(field, opportunity) {
		const content = render(field.dataset, opportunity);
		field.hidden = content === "";
		field.querySelector("dd").replaceChildren(content);
	}

	function render({ field, type, options, words }, opportunity) {
		const value = opportunity[field];
		const translated = JSON.parse(words || "{}");
		const isEmpty = value === null || value === undefined || value.length === 0;
		if (isEmpty || saysNothing(field, opportunity)) return "";
		const renderers = {
			Currency: () => (value ? values.money(value, opportunity[options] || opportunity.base_currency) : ""),
			Percent: () => values.percent(value),
			Float: () => (value ? values.number(value, RATE_DIGITS) : ""),
			Int: () => values.number(value),
			Check: () => (value ? "✓" : ""),
			Date: () => values.fullDate(value),
			Datetime: () => values.fullMoment(value),
			"Text Editor": () => tools.textOf(value),
			Data: () => (SCHEMES[options] ? link(SCHEMES[options] + value, value) : value),
			Select: () => translated[value] ?? value,
			Link: () => (options === "User" ? personOf(value) : translated[value] ?? value),
			"Table MultiSelect": () => value.map(chosen).map((name) => translated[name] ?? name).join(", "),
			Table: () => table(value, opportunity.currency),
		};
		return renderers[type] ? renderers[type]() : String(value);
	}

	function saysNothing(field, opportunity) {
		const isBase = opportunity.currency === opportunity.base_currency;
		const cases = {
			conversion_rate: isBase || opportunity.inverse_rate > 0,
			inverse_rate: isBase || !opportunity.inverse_rate,
			base_opportunity_amount: isBase,
			base_close_revenue: opportunity.close_revenue_currency === opportunity.base_currency,
			waiting_for: opportunity.waiting_for === "Nobody",
		};
		return cases[field] ?? false;
	}

	/** The one link of a row of a multiple choice. */
	function chosen(row) {
		const own = ["name", "owner", "modified_by", "parent", "parentfield", "parenttype", "doctype"];
		return Object.entries(row).find(([key, value]) => typeof value === "string" && !own.includes(key) && !isTime(key))[1];
	}

	function link(href, text) {
		const node = document.createElement("a");
		node.href = href;
		node.textContent = text;
		return node;
	}

	const isTime = (key) => key === "creation" || key === "modified";

	function table(rows, currency) {
		const node = document.getElementById("items").content.firstElementChild.cloneNode(true);
		for (const row of rows) {
			const line = node.tBodies[0].insertRow();
			const quantity = [values.number(row.qty, RATE_DIGITS), row.uom].filter(Boolean).join(" ");
			const texts = [row.item_name || row.item_code, quantity, values.money(row.rate, currency), values.money(row.amount, currency)];
			for (const text of texts) line.insertCell().textContent = text;
		}
		return node;
	}

	return { open };
}
