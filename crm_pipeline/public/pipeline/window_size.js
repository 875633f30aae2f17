/** How much room the window has, where scripts must know. */

import { signal } from "./vendor/preact.js";

/** Whether My Day has a place beside the board. */
export const hasRail = follow("(min-width: 1500px)");
/** Whether the panel fills the window. */
export const isNarrow = follow("(max-width: 899px)");

function follow(query) {
	const media = matchMedia(query);
	const matches = signal(media.matches);
	media.addEventListener("change", () => (matches.value = media.matches));
	return matches;
}
