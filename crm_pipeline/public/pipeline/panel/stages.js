/** The stages of the sales process: where the opportunity is, and a click to where it goes. */

import { __ } from "../boot.js";
import { percent } from "../values.js";
import { html } from "../vendor/preact.js";
import { Requirements } from "./requirements.js";
import { isInPlay } from "../actions.js";
import { openStages } from "./stage_move.js";

export function StageBar({ record, stageMove }) {
	const about = record.panel.value;
	const stages = openStages(about);
	const present = stages.findIndex((each) => each.stage === about.doc.sales_stage);
	const isFixed = !about.may_write || !isInPlay(about.doc);
	const { asked } = stageMove;
	return html`
		<ol class="stages" aria-label=${__("Sales stage")}>
			${stages.map((stage, index) => html`<${Stage} key=${stage.stage} stage=${stage} place=${Math.sign(index - present)} isFixed=${isFixed || present < 0} stageMove=${stageMove} />`)}
		</ol>
		${asked && html`<${Requirements} key=${asked.stage.stage} record=${record} stage=${currentOf(about, asked.stage)} message=${asked.message} onDone=${stageMove.close} />`}
	`;
}

const currentOf = (about, asked) => about.stages.find((each) => each.stage === asked.stage) ?? asked;

function Stage({ stage, place, isFixed, stageMove }) {
	const missing = stage.requirements.filter((each) => !each.met);
	const needs = missing.length ? __("{0} needs {1}", [stage.label, missing.map((each) => each.label).join(", ")]) : stage.label;
	const kind = ["passed", "present", "ahead"][place + 1];
	return html`<li class="stage ${kind}" aria-current=${place === 0 ? "step" : undefined}>
		<button type="button" disabled=${isFixed || stageMove.busy} dir="auto" title="${needs} · ${percent(stage.probability)}" onClick=${() => stageMove.goTo(stage)}>
			${stage.label}
			${missing.length > 0 && place > 0 && html`<span class="needs" aria-hidden="true">${missing.length}</span><span class="sr-only">, ${__("needs {0}", [missing.map((each) => each.label).join(", ")])}</span>`}
		</button>
	</li>`;
}
