/** The stages of the sales process: where the opportunity is, and a click to where it goes. */

import { isInPlay } from "../actions.js";
import { __ } from "../boot.js";
import { ask, moveToStage, moving } from "../moves.js";
import { percent } from "../values.js";
import { html } from "../vendor/preact.js";

const openStages = (about) => about.stages.filter((each) => each.type === "Open");

/** The stage `by` steps from the present one; undefined at the ends. */
export function stageBeside(about, by) {
	const stages = openStages(about);
	return stages[stages.findIndex((each) => each.stage === about.doc.sales_stage) + by];
}

/** Go to a stage; what it is known to ask for is asked first. */
export function goTo({ card, doc }, stage) {
	if (stage.stage === doc.sales_stage || moving.value.has(card.name)) return undefined;
	const isLacking = stage.requirements.some((each) => !each.met);
	return isLacking ? ask("requirements", card, { column: stage }) : moveToStage(card, stage);
}

export function StageBar({ record }) {
	const about = record.panel.value;
	const stages = openStages(about);
	const present = stages.findIndex((each) => each.stage === about.doc.sales_stage);
	const isFixed = !about.may_write || !isInPlay(about.doc) || present < 0 || moving.value.has(record.name);
	return html`<ol class="stages" aria-label=${__("Sales stage")}>
		${stages.map((stage, index) => html`<${Stage} key=${stage.stage} stage=${stage} place=${Math.sign(index - present)} isFixed=${isFixed} onClick=${() => goTo(about, stage)} />`)}
	</ol>`;
}

function Stage({ stage, place, isFixed, onClick }) {
	const missing = stage.requirements.filter((each) => !each.met).map((each) => each.label);
	const needs = missing.length ? __("{0} needs {1}", [stage.label, missing.join(", ")]) : stage.label;
	const kind = ["passed", "present", "ahead"][place + 1];
	return html`<li class="stage ${kind}" aria-current=${place === 0 ? "step" : undefined}>
		<button type="button" disabled=${isFixed} dir="auto" title="${needs} · ${percent(stage.probability)}" onClick=${onClick}>
			${stage.label}
			${missing.length > 0 && place > 0 && html`<span class="needs" aria-hidden="true">${missing.length}</span><span class="sr-only">, ${__("needs {0}", [missing.join(", ")])}</span>`}
		</button>
	</li>`;
}
