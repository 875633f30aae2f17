/** What the server has put into the page: who is signed in, the texts in their language, how numbers are written. */

export const boot = JSON.parse(document.getElementById("boot").textContent);

/** A text in the reader's language; {0}, {1} … stand for values. */
export function __(text, values = []) {
	return (boot.texts[text] || text).replace(/\{(\d)\}/g, (_, index) => values[index]);
}

/** The translated word of a status, a stage or another value that is a word. */
export const word = (value) => boot.words[value] || value || "";
