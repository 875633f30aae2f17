/** The dialog that is open, by its kind; and above it, the one that asks for the password when the session has ended. */

import { dialog } from "../moves.js";
import { html } from "../vendor/preact.js";
import { Bulk } from "./bulk.js";
import { Actions, Assign, Month, Move } from "./choosing.js";
import { Lost, Pause, Won } from "./closing.js";
import { New, Quote } from "./creating.js";
import { Call, Done, Note, Snooze } from "./follow_up.js";
import { Postpone } from "./postpone.js";
import { Postponed } from "./postponed.js";
import { LoseQuotation, OrderQuotation } from "./quotations.js";
import { Requirements } from "./requirements.js";
import { SignIn, SignInAgain } from "./sign_in.js";
import { Filters, Keys, Views } from "./views.js";

const KINDS = {
	actions: Actions,
	assign: Assign,
	bulk: Bulk,
	call: Call,
	done: Done,
	filters: Filters,
	keys: Keys,
	"lose-quotation": LoseQuotation,
	lost: Lost,
	month: Month,
	move: Move,
	new: New,
	note: Note,
	"order-quotation": OrderQuotation,
	pause: Pause,
	postpone: Postpone,
	postponed: Postponed,
	quote: Quote,
	requirements: Requirements,
	"sign-in": SignInAgain,
	snooze: Snooze,
	views: Views,
	won: Won,
};

export function Dialogs() {
	const asked = dialog.value;
	const Kind = asked && KINDS[asked.kind];
	return html`
		${Kind && html`<${Kind} key=${`${asked.kind} ${asked.card?.name}`} ...${asked} />`}
		<${SignIn} />
	`;
}
