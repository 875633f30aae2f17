/** Light or dark: as the system has it, unless the reader has chosen. */

import { effect, signal } from "./vendor/preact.js";

const KEY = "pipeline-theme";
const MEDIA = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

export const theme = signal(localStorage.getItem(KEY) in MEDIA ? localStorage.getItem(KEY) : "auto");

export function setTheme(chosen) {
	theme.value = chosen;
	localStorage.setItem(KEY, chosen);
}

effect(() => {
	document.getElementById("dark").media = MEDIA[theme.value];
	document.documentElement.dataset.theme = theme.value;
});
