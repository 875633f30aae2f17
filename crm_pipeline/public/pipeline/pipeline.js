/**
 * The pipeline page.
 *
 * Assets may be cached for a year, so every module is asked for with the version this one was asked for with.
 * A plain import could not say that; therefore only this module imports, and hands the others what they need.
 */

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [api, dom, texts, zones, { createBoard }, { createRecord }, { createFollowUp }] = await Promise.all(
	["api", "dom", "values", "zones", "board", "record", "follow_up"].map(load),
);

const METHODS = "crm_pipeline.api.pipeline";
const CARDS_PER_STAGE = 50;
const SEARCH_DELAY = 120;
const NOT_FOUND = 404;

const element = (id) => document.getElementById(id);
const processes = element("process");
const searchBox = element("search");
const overdue = element("overdue");
const board = element("board");
const announcer = element("announcer");
const people = {};
const values = texts.createValues(texts.localeOf(document.documentElement.lang, navigator.languages), zones);
const tools = { ...dom, ...texts, values, api };
// Whoever may only look gets a page without that dialog and without the buttons that open it.
const followUp = element("follow-up") && createFollowUp(element("follow-up"), tools, goOn);
const askFollowUp = (action, name) => followUp.open(action, name);
const cards = createBoard(board, tools, loadCards, askFollowUp);
const record = createRecord(element("record"), tools, (user) => people[user] || user, askFollowUp);

async function loadBoard() {
	board.setAttribute("aria-busy", "true");
	announcer.textContent = announcer.dataset.loading;
	try {
		const answer = await api.call(`${METHODS}.get_board`, {
			sales_process: chosenProcess(),
			limit_per_stage: CARDS_PER_STAGE,
		});
		learn(answer);
		choose(answer.sales_process);
		dom.fillSlots(element("totals"), {
			count: values.number(answer.totals.count),
			amount: values.money(answer.totals.amount, answer.currency),
			weighted: values.money(answer.totals.weighted, answer.currency),
		});
		dom.fillSlots(overdue, { overdue: values.number(answer.overdue) });
		cards.show(answer);
		search();
	} catch (error) {
		fail(error);
	} finally {
		board.setAttribute("aria-busy", "false");
	}
}

async function loadCards(stage, start) {
	try {
		const args = { sales_process: processes.value, stage, start, limit: CARDS_PER_STAGE };
		const answer = await api.call(`${METHODS}.get_cards`, args);
		learn(answer);
		return answer;
	} catch (error) {
		fail(error);
		throw error;
	}
}

/** After a follow-up: the board as it is now, and the focus where the next one may wait. */
async function goOn(name) {
	const next = cards.neighbours(name);
	await loadBoard();
	if (element("record").open) await record.open(name);
	else if (!cards.focus(next)) overdue.focus();
	announcer.textContent = announcer.dataset.saved;
}

function learn(answer) {
	values.learn(answer);
	Object.assign(people, answer.people);
}

function fail(error) {
	if (error.status === NOT_FOUND) history.replaceState(null, "", location.pathname);
	const notice = dom.fill(dom.template("failure"), { message: error.message || element("record").dataset.offline });
	notice.querySelector('[data-action="retry"]').addEventListener("click", loadBoard);
	notice.querySelector('[data-action="login"]').hidden = error.status !== 401 && error.status !== 403;
	board.replaceChildren(notice);
}

/** The process in the address, so that a board can be bookmarked and sent to a colleague. */
function chosenProcess() {
	return new URLSearchParams(location.search).get("process") || processes.value || undefined;
}

/** A disabled process is not offered, but its board can be asked for. */
function choose(process) {
	processes.value = process;
	if (processes.value !== process) processes.add(new Option(process, process, true, true));
}

function search() {
	const onlyOverdue = overdue.getAttribute("aria-pressed") === "true";
	const found = cards.search(searchBox.value, onlyOverdue);
	announcer.textContent = searchBox.value || onlyOverdue ? dom.format(announcer.dataset.matches, values.number(found)) : "";
}

function openFromAddress() {
	const name = decodeURIComponent(location.hash.slice(1));
	if (name) record.open(name);
	else element("record").close();
}

let waiting = 0;
searchBox.addEventListener("input", () => {
	clearTimeout(waiting);
	waiting = setTimeout(search, SEARCH_DELAY);
});
overdue.addEventListener("click", () => {
	overdue.setAttribute("aria-pressed", String(overdue.getAttribute("aria-pressed") !== "true"));
	search();
});
document.addEventListener("keydown", (event) => {
	const isTyping = event.target.closest("input, select, textarea, dialog");
	if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
		event.preventDefault();
		searchBox.focus();
	}
});
processes.addEventListener("change", () => {
	history.replaceState(null, "", `?${new URLSearchParams({ process: processes.value })}`);
	loadBoard();
});
addEventListener("hashchange", openFromAddress);
element("record").addEventListener("close", () => {
	if (location.hash) history.replaceState(null, "", location.pathname + location.search);
});

await loadBoard();
openFromAddress();
