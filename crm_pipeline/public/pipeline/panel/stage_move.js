/** The move of the opportunity to another stage. */

import { __, word } from "../boot.js";
import { move, refused } from "../moves.js";
import { useState } from "../vendor/preact.js";

export const openStages = (about) => about.stages.filter((each) => each.type === "Open");

/** The stage `by` steps from the present one; undefined at the ends. */
export function stageBeside(about, by) {
	const stages = openStages(about);
	return stages[stages.findIndex((each) => each.stage === about.doc.sales_stage) + by];
}

/**
 * How the opportunity goes to another stage: at once, or by the fields that stage asks for.
 *
 * @returns {{asked: object|null, busy: boolean, goTo: (stage: object) => Promise<void>, close: () => void}} `asked` is
 *   the stage whose requirements are shown, with the server's `message`
 */
export function useStageMove(record) {
	const [asked, setAsked] = useState(null);
	const [busy, setBusy] = useState(false);
	async function goTo(stage) {
		const about = record.panel.value;
		if (busy || stage.stage === about.doc.sales_stage) return;
		if (stage.requirements.some((each) => !each.met)) return setAsked({ stage, message: "" });
		setBusy(true);
		try {
			await moveTo(about, stage);
			setAsked(null);
		} catch (error) {
			if (error.kind === "StageRequirementsMissing") setAsked({ stage, message: error.message });
			else refused(error, about.card);
		} finally {
			setBusy(false);
		}
	}
	return { asked, busy, goTo, close: () => setAsked(null) };
}

/** Write the move; throws its refusal. */
export function moveTo(about, stage, more = {}) {
	const args = { sales_stage: stage.stage, from_stage: about.doc.sales_stage, ...more };
	const change = { sales_stage: stage.stage, probability: stage.probability };
	const saying = __("{0} moved to {1}", [about.doc.title, word(stage.stage)]);
	return move(about.card, "move_to_stage", args, { saying, change, throws: true });
}
