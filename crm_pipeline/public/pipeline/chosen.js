/** Which opportunities of the list are chosen, for what is done with many. */

import { isEnded } from "./address.js";
import { signal } from "./vendor/preact.js";

/** The names that are chosen. */
export const chosen = signal(new Set());

/** Choose an opportunity, or no longer; what has ended is not chosen. */
export function toggle(name) {
	if (isEnded.value) return;
	const names = new Set(chosen.value);
	if (!names.delete(name)) names.add(name);
	chosen.value = names;
}
