/** The dialog that is open, by its kind. */

import { dialog } from "../moves.js";
import { html } from "../vendor/preact.js";

const KINDS = {};

export function Dialogs() {
	const asked = dialog.value;
	const Kind = asked && KINDS[asked.kind];
	return Kind && html`<${Kind} key=${`${asked.kind} ${asked.card?.name}`} ...${asked} />`;
}
