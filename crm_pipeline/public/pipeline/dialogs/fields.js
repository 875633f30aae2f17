/** What dialogs ask with: entries, chips to choose one or several of, days, and people or records to search for. */

import { read } from "../api.js";
import { __, boot } from "../boot.js";
import { dayAhead, folded, toSite, zone } from "../values.js";
import { html, useEffect, useId, useRef, useState } from "../vendor/preact.js";

const MOST = 50; // options that are listed at once
const TYPING = 200; // ms
const NINE = "09:00";

const AHEAD = {
	today: { days: 0 },
	tomorrow: { days: 1 },
	days: { days: 3 },
	week: { days: 7 },
	month: { months: 1 },
	quarter: { months: 3 },
	half: { months: 6 },
};

export const WORDS = {
	tomorrow: __("Tomorrow"),
	days: __("In Three Days"),
	week: __("In a Week"),
	month: __("In a Month"),
	quarter: __("In Three Months"),
	half: __("In Half a Year"),
	other: __("Another Day"),
	none: __("Not Planned"),
};

/** One entry with its label; `type` "textarea" for several lines. */
export function Entry({ label, hint, type = "text", value, onInput, ...rest }) {
	const given = { value: value ?? "", onInput: (event) => onInput(event.currentTarget.value), ...rest };
	return html`<label class="entry">
		${rest.required ? html`<span class="required">${label}</span>` : label}
		${type === "textarea" ? html`<textarea rows="3" dir="auto" ...${given} />` : html`<input type=${type} dir=${type === "text" ? "auto" : undefined} ...${given} />`}
		${hint && html`<small>${hint}</small>`}
	</label>`;
}

/** An amount or another number; `currency` stands with its label. */
export function NumberEntry({ label, currency, ...rest }) {
	const named = currency ? __("{0} ({1})", [label, currency]) : label;
	return html`<${Entry} label=${named} type="number" step="any" inputmode="decimal" ...${rest} />`;
}

export function Check({ label, hint, checked, onChange }) {
	return html`<label class="check">
		<input type="checkbox" checked=${checked} onChange=${(event) => onChange(event.currentTarget.checked)} />
		<span>${label} ${hint && html`<small>${hint}</small>`}</span>
	</label>`;
}

/**
 * Buttons of which one is chosen, or several of them where `value` is a list.
 *
 * They are radio buttons and check boxes: arrows and space choose, Enter sends.
 */
export function Chips({ legend, options, value, onChange, isRequired }) {
	const name = useId();
	const isMany = Array.isArray(value);
	const choose = (option) => onChange(isMany ? toggled(value, option) : option);
	return html`<fieldset class="chips">
		<legend>${legend} ${isRequired && html`<span aria-hidden="true">*</span>`}</legend>
		<div>
			${options.map(
				(option) => html`<label class="chip" key=${option.value}>
					<input
						type=${isMany ? "checkbox" : "radio"}
						name=${name}
						checked=${isMany ? value.includes(option.value) : value === option.value}
						onChange=${() => choose(option.value)}
					/>
					<span dir="auto">${option.label}</span>
				</label>`,
			)}
		</div>
	</fieldset>`;
}

/** Chips, with a search where there are many. */
export function ManyChips({ options, value, few = 12, ...rest }) {
	const [text, setText] = useState("");
	if (options.length <= few) return html`<${Chips} options=${options} value=${value} ...${rest} />`;
	const found = matching(options, text).slice(0, few);
	const chosen = options.filter((option) => value.includes(option.value) && !found.includes(option));
	return html`<div class="many-chips">
		<${Chips} options=${[...chosen, ...found]} value=${value} ...${rest} />
		<${Entry} label=${__("Search {0}", [rest.legend])} type="search" value=${text} onInput=${setText} />
	</div>`;
}

/** The draft's part of a day that is `ahead` ("tomorrow", "week" …), at an hour where moments are meant. */
export const dayChosen = (when, hour) => ({ when, date: AHEAD[when] ? dayAhead(AHEAD[when]) + (hour ? `T${hour}` : "") : "" });

/**
 * A day to come, by words or by date.
 *
 * @param {object} props
 * @param {string[]} props.choices names of days ahead, "other" and "none"
 * @param {{when: string, date: string}} props.value as `dayChosen` makes it
 * @param {string} [props.hour] "09:00" where a moment is asked for
 * @param {string} [props.none] what "none" is called
 */
export function DayChoice({ legend, choices, value, onChange, hour, none = WORDS.none }) {
	const options = choices.map((each) => ({ value: each, label: each === "none" ? none : WORDS[each] }));
	const choose = (when) => onChange(when === "other" ? { when, date: value.date } : dayChosen(when, hour));
	const type = hour ? "datetime-local" : "date";
	const enter = (date) => onChange({ when: "other", date });
	return html`<div class="day-choice">
		<${Chips} legend=${legend} options=${options} value=${value.when} onChange=${choose} />
		${value.when !== "none" &&
		html`<${Entry} label=${__("Date")} type=${type} value=${value.date} onInput=${enter} hint=${hour && zone()} required />`}
	</div>`;
}

/** The moment that was chosen, in the site's time; undefined if none was. */
export const momentOf = ({ date }) => (date ? toSite(`${date.replace("T", " ")}:00`.slice(0, 19)) : undefined);

/** The hour of an appointment as its reader sees it; nine o'clock if there is none. */
export const hourOf = (clock) => clock || NINE;

/**
 * A search with the list of what it finds; arrows choose, Enter sends.
 *
 * @param {object} props
 * @param {{value: string, label: string, detail?: string}[]} props.options what there is to choose from
 * @param {(value: string) => void} [props.onTake] told of a click, or of the first that Enter takes, where that is the last word
 * @param {(text: string) => void} [props.onSearch] finds other options; without it the given ones are searched
 * @param {boolean} [props.isOpen] whether the list is shown
 */
export function Picker({ label, options, value, onChange, onTake = onChange, onSearch, placeholder, isOpen = true, ...rest }) {
	const id = useId();
	const [text, setText] = useState("");
	const found = onSearch ? options : matching(options, text).slice(0, MOST);
	const chosen = found.findIndex((option) => option.value === value);
	const type = (event) => {
		const typed = event.currentTarget.value;
		setText(typed);
		if (onSearch) onSearch(typed);
		else if (typed) onChange(matching(options, typed)[0]?.value || "");
	};
	/** Enter takes the first that was found; until something is, what was typed stays. */
	const takeFirst = (event) => {
		event.preventDefault();
		event.stopPropagation();
		if (found.length) onTake(found[0].value);
	};
	const byKey = (event) => {
		if (event.key === "Enter" && onSearch && text.trim() && chosen < 0) return takeFirst(event);
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (!step || !found.length) return undefined;
		event.preventDefault();
		return onChange(found[(chosen + step + found.length + Number(chosen < 0 && step < 0)) % found.length].value);
	};
	return html`<div class="picker">
		<label class="entry">
			${label}
			<input
				type="search"
				role="combobox"
				dir="auto"
				autocomplete="off"
				spellcheck=${false}
				aria-expanded=${isOpen}
				aria-autocomplete="list"
				aria-controls=${id}
				aria-activedescendant=${chosen < 0 ? undefined : `${id}-${chosen}`}
				placeholder=${placeholder ?? __("Search")}
				value=${text}
				onInput=${type}
				onKeyDown=${byKey}
				...${rest}
			/>
		</label>
		${isOpen && html`<${Options} id=${id} label=${label} found=${found} chosen=${chosen} onChange=${onTake} />`}
	</div>`;
}

function Options({ id, label, found, chosen, onChange }) {
	const node = useRef(null);
	useEffect(() => node.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }), [chosen]);
	if (!found.length) return html`<p class="none" id=${id} role="listbox" aria-label=${label}>${__("Nothing found")}</p>`;
	return html`<ul id=${id} ref=${node} role="listbox" aria-label=${label}>
		${found.map(
			(option, index) => html`<li id=${`${id}-${index}`} key=${option.value} role="option" aria-selected=${index === chosen} onClick=${() => onChange(option.value)}>
				<span dir="auto">${option.label}</span> ${option.detail && html`<small dir="auto">${option.detail}</small>`}
			</li>`,
		)}
	</ul>`;
}

/**
 * A search for records on the server.
 *
 * @param {object} props
 * @param {string[]} props.doctypes what to search among; more than one is named with each record
 * @param {{doctype: string, name: string, label: string}} props.value
 * @param {(record: object) => void} [props.onTake] as of `Picker`
 */
export function RecordPicker({ doctypes, value, onChange, onTake = onChange, ...rest }) {
	const [options, setOptions] = useState([]);
	const [text, setText] = useState("");
	useEffect(() => {
		const later = setTimeout(() => search(doctypes, text).then(setOptions, () => setOptions([])), TYPING);
		return () => clearTimeout(later);
	}, [text, doctypes.join()]);
	const shown = value && !options.some((each) => each.value === keyOf(value)) ? [optionOf(value, doctypes), ...options] : options;
	const recordOf = (key) => shown.find((each) => each.value === key)?.record || null;
	const choose = (key) => onChange(recordOf(key));
	const take = (key) => onTake(recordOf(key));
	const type = (typed) => {
		setText(typed);
		if (value) onChange(null);
	};
	return html`<${Picker} options=${shown} value=${value ? keyOf(value) : ""} onChange=${choose} onTake=${take} onSearch=${type} isOpen=${Boolean(text || value)} ...${rest} />`;
}

/** What is called so comes before what is found by something else, whatever its DocType. */
async function search(doctypes, txt) {
	if (!txt.trim()) return [];
	const answers = await Promise.all(doctypes.map((doctype) => read("frappe.desk.search.search_link", { doctype, txt })));
	const records = answers.flatMap((rows, index) => rows.map((row) => ({ doctype: doctypes[index], name: row.value, label: row.label || row.value })));
	const begins = ({ label }) => folded(label).startsWith(folded(txt.trim()));
	return [...records.filter(begins), ...records.filter((record) => !begins(record))].map((record) => optionOf(record, doctypes));
}

const keyOf = (record) => `${record.doctype} ${record.name}`;

function optionOf(record, doctypes) {
	const name = record.label === record.name ? "" : record.name;
	const detail = [doctypes.length > 1 && boot.party_types[record.doctype], name].filter(Boolean).join(" · ");
	return { value: keyOf(record), label: record.label, detail, record };
}

/** The options that contain each word of a text, whatever its accents and capitals. */
function matching(options, text) {
	const words = folded(text).split(/\s+/).filter(Boolean);
	return options.filter((option) => words.every((part) => folded(`${option.label} ${option.detail || ""}`).includes(part)));
}

const toggled = (list, value) => (list.includes(value) ? list.filter((each) => each !== value) : [...list, value]);
