/** One opportunity as the panel shows it: read when it is opened and whenever it changed, kept while it is read anew. */

import { read } from "../api.js";
import { condition, take } from "../store.js";
import { batch, signal } from "../vendor/preact.js";

const PAGE = 30;
const MOST = 200;

/**
 * @param {string} name of the opportunity
 * @returns {object} signals `panel` (what get_panel answers), `timeline` (`rows`, `more`), `trouble` (an ApiError or null)
 *   and `isReading`; `load`, `readMore`, `adopt` and `stop`
 */
export function createRecord(name) {
	const panel = signal(null);
	const timeline = signal(null);
	const trouble = signal(null);
	const isReading = signal(false);
	let reading = null;

	/** Read all of it; an answer that a newer question has overtaken is dropped. */
	async function load() {
		const mine = begin();
		await answering(mine, async () => {
			const limit = Math.min(Math.max(timeline.value?.rows.length || 0, PAGE), MOST);
			const questions = [readPanel(mine), readTimeline(mine, 0, limit)];
			const [about, said] = await Promise.all(questions);
			if (mine !== reading) return;
			take(about);
			batch(() => {
				panel.value = about;
				timeline.value = said;
			});
		});
	}

	/** Read the older part of the timeline. */
	async function readMore() {
		const mine = begin();
		await answering(mine, async () => {
			const { rows } = timeline.value;
			const said = await readTimeline(mine, rows.length, PAGE);
			if (mine === reading) timeline.value = { ...said, rows: [...rows, ...said.rows] };
		});
	}

	/** Take over the card that a write answered, until all of it is read anew. */
	function adopt(card) {
		const about = panel.value;
		if (!card || !about) return;
		const known = Object.entries(card).filter(([field]) => field in about.doc);
		panel.value = { ...about, card, doc: { ...about.doc, ...Object.fromEntries(known) } };
	}

	function begin() {
		reading?.abort();
		reading = new AbortController();
		isReading.value = true;
		return reading;
	}

	async function answering(mine, work) {
		try {
			await work();
			if (mine === reading) trouble.value = null;
		} catch (error) {
			if (error.name === "AbortError" || mine !== reading) return;
			if (!("status" in error)) throw error;
			if (error.isSignedOut) condition.value = "signed-out";
			trouble.value = error;
		} finally {
			if (mine === reading) isReading.value = false;
		}
	}

	const readPanel = ({ signal: until }) => read("crm_pipeline.api.panel.get_panel", { opportunity: name }, until);
	const readTimeline = ({ signal: until }, start, limit) =>
		read("crm_pipeline.api.panel.get_timeline", { opportunity: name, start, limit }, until);
	const stop = () => reading?.abort();

	return { name, panel, timeline, trouble, isReading, load, readMore, adopt, stop };
}
