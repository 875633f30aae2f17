/** Filling of templates: `data-slot` elements get text, and those without a value go. */

export const template = (id) => document.getElementById(id).content.firstElementChild;

/** A copy of a template with its slots filled. */
export function fill(source, values) {
	const node = source.cloneNode(true);
	fillSlots(node, values);
	return node;
}

/** Put texts into the slots of `root`; a slot whose value is empty is hidden. */
export function fillSlots(root, values) {
	for (const [name, value] of Object.entries(values)) {
		const slot = root.querySelector(`[data-slot="${name}"]`);
		slot.textContent = value ?? "";
		slot.hidden = value === undefined || value === null || value === "";
	}
}

/** "{0} left" with its places filled. */
export const format = (text, ...values) => text.replace(/\{(\d)\}/g, (_, index) => values[index]);
