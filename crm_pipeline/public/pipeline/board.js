/** The board: a column for each stage, cards in it, and the search over them. */

/**
 * @param {Element} root the element to fill
 * @param {object} tools `fill`, `fillSlots`, `template`, `format` of dom.js, `values`, `initials`, `plain`
 * @param {function} loadCards (stage, start) => promise of an answer with `cards` and `people`
 * @param {function} followUp ("done" or "snooze", name) => called when that is chosen on a card
 */
export function createBoard(root, tools, loadCards, followUp) {
	const { fill, fillSlots, template, format, values } = tools;
	const templates = { column: template("column"), card: template("card") };
	const statuses = JSON.parse(templates.card.dataset.statuses);
	let columns = [];
	let needle = "";
	let onlyOverdue = false;

	// The title is the link; what lies above it, for its tooltip, leads there too.
	root.addEventListener("click", (event) => {
		const card = event.target.closest(".card");
		const button = event.target.closest("[data-follow-up]");
		if (button) followUp(button.dataset.followUp, card.dataset.name);
		else if (card && !event.target.closest("a")) card.querySelector("a").click();
	});

	/** Show what the server answered; columns that were there stay scrolled and unfolded as they were. */
	function show(answer) {
		const places = columns.map(placeOf);
		columns = answer.stages.map((stage) => makeColumn(stage, answer));
		root.replaceChildren(...columns.map((column) => column.node));
		search(needle, onlyOverdue);
		places.forEach(restore);
	}

	const placeOf = ({ stage, node, list }) => ({
		name: stage.stage,
		top: list.scrollTop,
		isFolded: node.classList.contains("folded"),
	});

	function restore({ name, top, isFolded }) {
		const column = columns.find(({ stage }) => stage.stage === name);
		if (!column) return;
		if (!isFolded && column.node.classList.contains("folded")) column.node.querySelector(".fold").click();
		column.list.scrollTop = top;
	}

	/** Names of the opportunities after one in its column, then of those before it: where to go on when it has moved. */
	function neighbours(name) {
		const own = [...(cardOf(name)?.parentElement.children ?? [])].map((card) => card.dataset.name);
		const position = own.indexOf(name);
		return [...own.slice(position + 1), ...own.slice(0, Math.max(position, 0)).reverse()];
	}

	const cardOf = (name) => root.querySelector(`.card[data-name="${CSS.escape(name)}"]`);

	/** Move the focus to the first of some opportunities that is there; returns whether one is. */
	function focus(names) {
		const card = names.map(cardOf).find((each) => each && !each.hidden);
		(card?.querySelector(".follow-up:not([hidden]) button") ?? card?.querySelector("a"))?.focus();
		return Boolean(card);
	}

	/** Hide the cards that do not match or, if asked for, have no missed contact; returns how many are left. */
	function search(text, overdue) {
		needle = tools.plain(text.trim());
		onlyOverdue = overdue;
		columns.forEach(applySearch);
		return columns.reduce((sum, column) => sum + column.list.querySelectorAll(".card:not([hidden])").length, 0);
	}

	function makeColumn(stage, answer) {
		const isOpen = stage.type === "Open";
		const node = fill(templates.column, {
			stage: stage.label,
			count: values.number(stage.count),
			probability: isOpen ? values.percent(stage.probability) : "",
			amount: values.money(stage.amount, answer.currency),
			weighted: isOpen ? values.money(stage.weighted, answer.currency) : "",
			period: "",
		});
		node.dataset.type = stage.type;
		node.style.setProperty("--probability", `${stage.probability}%`);
		const title = node.querySelector("h2");
		title.id = `stage-${columns.length}-${encodeURIComponent(stage.stage)}`;
		node.setAttribute("aria-labelledby", title.id);
		const column = { stage, node, list: node.querySelector(".cards"), loaded: 0 };
		node.querySelector(".more").addEventListener("click", () => more(column));
		if (isOpen) addCards(column, stage.cards, answer.people);
		else makeFoldable(column, answer.recent_days);
		return column;
	}

	function makeFoldable(column, days) {
		const { node } = column;
		const button = node.querySelector(".fold");
		const period = node.querySelector(".period");
		fillSlots(node, { period: format(period.dataset.text, values.number(days)) });
		node.querySelector('[data-slot="weighted"]').parentElement.hidden = true;
		node.classList.add("folded");
		button.hidden = false;
		button.disabled = !column.stage.count;
		button.addEventListener("click", () => {
			const folded = node.classList.toggle("folded");
			button.setAttribute("aria-expanded", String(!folded));
			if (!folded && !column.loaded) more(column);
			applySearch(column);
		});
	}

	async function more(column) {
		const button = column.node.querySelector(".more");
		button.disabled = true;
		column.node.setAttribute("aria-busy", "true");
		try {
			const answer = await loadCards(column.stage.stage, column.loaded);
			addCards(column, answer.cards, answer.people);
		} finally {
			button.disabled = false;
			column.node.removeAttribute("aria-busy");
		}
	}

	function addCards(column, cards, people) {
		column.list.append(...cards.map((card) => makeCard(card, column.stage, people)));
		column.loaded += cards.length;
		const left = cards.length ? column.stage.count - column.loaded : 0;
		const button = column.node.querySelector(".more");
		button.hidden = left <= 0;
		button.textContent = format(button.dataset.text, values.number(left));
		applySearch(column);
	}

	function applySearch(column) {
		const cards = [...column.list.children];
		for (const card of cards) card.hidden = !isWanted(card);
		const shown = cards.filter((card) => !card.hidden).length;
		const empty = column.node.querySelector(".empty");
		empty.hidden = shown > 0 || column.node.classList.contains("folded");
		const filtered = needle || onlyOverdue;
		empty.textContent = filtered && column.stage.count ? empty.dataset.noMatch : empty.dataset.none;
		const count = values.number(column.stage.count);
		fillSlots(column.node, { count: filtered && cards.length ? `${values.number(shown)} / ${count}` : count });
	}

	const isWanted = ({ dataset }) => dataset.text.includes(needle) && (!onlyOverdue || "overdue" in dataset);

	function makeCard(opportunity, stage, people) {
		const owner = people[opportunity.opportunity_owner] || opportunity.opportunity_owner || "";
		const facts = factsOf(opportunity, stage, owner);
		const node = fill(templates.card, {
			title: opportunity.title,
			party: opportunity.customer_name === opportunity.title ? "" : opportunity.customer_name,
			amount: values.money(opportunity.opportunity_amount, opportunity.currency),
			status: statusOf(opportunity, stage),
			initials: owner && tools.initials(owner),
			...facts,
		});
		node.querySelector("a").href = `#${encodeURIComponent(opportunity.name)}`;
		node.dataset.name = opportunity.name;
		node.dataset.text = tools.plain([opportunity.title, opportunity.customer_name, owner, opportunity.name].filter(Boolean).join(" "));
		node.classList.toggle("paused", opportunity.status === "Paused");
		for (const [name, text] of Object.entries(facts)) {
			node.querySelector(`[data-fact="${name}"]`).hidden = !text;
		}
		node.querySelector('[data-fact="owner"]').title = owner;
		markUrgency(node, opportunity, stage);
		return node;
	}

	function factsOf(opportunity, stage, owner) {
		const isOpen = stage.type === "Open";
		return {
			closing: isOpen && opportunity.expected_closing ? values.day(opportunity.expected_closing) : "",
			contact: isOpen && opportunity.next_contact_date ? values.day(opportunity.next_contact_date) : "",
			days: opportunity.days_in_stage === null ? "" : values.days(opportunity.days_in_stage),
			closed: !isOpen && opportunity.closed_on ? values.date(opportunity.closed_on) : "",
			owner,
		};
	}

	/** What is late in an opportunity that is in play, and whether nothing has happened to it for too long. */
	function markUrgency(node, opportunity, stage) {
		const isOpen = stage.type === "Open";
		const waits = isOpen && opportunity.status !== "Paused";
		const mark = (fact, name, isSo) => {
			const element = node.querySelector(`[data-fact="${fact}"]`);
			element.classList.toggle(name, Boolean(isSo));
			element.querySelector(".warning").hidden = !isSo;
		};
		mark("closing", "late", isOpen && opportunity.expected_closing && values.isPastDay(opportunity.expected_closing));
		const isMissed = isOpen && opportunity.next_contact_date && values.isPastMoment(opportunity.next_contact_date);
		mark("contact", "late", isMissed);
		if (isMissed) node.dataset.overdue = "";
		offerFollowUp(node, opportunity, isMissed || (isOpen && opportunity.next_contact_date && values.isToday(opportunity.next_contact_date)));
		const rots = waits && stage.rotting_days && opportunity.days_idle > stage.rotting_days;
		mark("days", "rotting", rots);
		if (rots) node.querySelector('[data-fact="days"]').title = format(templates.card.dataset.idle, opportunity.days_idle);
	}

	/** Whoever may only look has no buttons. */
	function offerFollowUp(node, opportunity, isDue) {
		const buttons = node.querySelector(".follow-up");
		if (!buttons) return;
		buttons.hidden = !isDue;
		for (const button of buttons.children) button.setAttribute("aria-label", `${button.textContent}: ${opportunity.title}`);
	}

	function statusOf(opportunity, stage) {
		if (opportunity.status === "Paused" && opportunity.paused_until) {
			return format(templates.card.dataset.paused, values.date(opportunity.paused_until));
		}
		return stage.type === "Open" && opportunity.status !== "Open" ? statuses[opportunity.status] : "";
	}

	return { show, search, neighbours, focus };
}
