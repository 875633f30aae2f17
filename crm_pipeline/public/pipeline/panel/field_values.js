/** Values of fields as people read them, as text to edit, and as the server takes them. */

import { word } from "../boot.js";
import { personOf } from "../store.js";
import { day, moment, money, number, percent, toOwn, toSite } from "../values.js";
import { yesOrNo } from "./choices.js";

const NUMBERS = new Set(["Currency", "Float", "Int", "Percent"]);
const DIGITS = 6;

export const isNumber = (type) => NUMBERS.has(type);
export const isRich = (type) => type === "Text Editor" || type === "HTML Editor";
export const isLong = (type) => isRich(type) || ["Small Text", "Text", "Long Text"].includes(type);
/** The names in a table, whose rows are names or have one. */
export const namesIn = (rows) => (rows || []).map((row) => (typeof row === "string" ? row : row.name));
const isEmpty = (value) => value === null || value === undefined || value === "";

/** A value as it is read; "" for none. */
export function shownValue(value, { type, options }, doc) {
	if (isEmpty(value)) return "";
	if (type === "Currency") return money(value, doc[options] || doc.currency);
	if (type === "Percent") return percent(value);
	if (isNumber(type)) return number(value, DIGITS);
	if (type === "Date") return day(value);
	if (type === "Datetime") return moment(value);
	if (type === "Check") return yesOrNo(value);
	if (type === "Table MultiSelect") return namesIn(value).map(word).join(", ");
	if (isRich(type)) return plain(value);
	if (type === "Link" && options === "User") return personOf(value);
	return type === "Link" || type === "Select" ? word(value) : String(value);
}

/** A party as text that tells its DocType and its name, and back. */
export const partyText = (doctype, name) => `${doctype}\t${name}`;
export const partyIn = (text) => text.split("\t");

/** A value as the text of its editor; of a table the names in it. */
export function textOf(value, { type, options }, doc) {
	if (type === "Dynamic Link") return value ? partyText(doc[options], value) : "";
	if (type === "Table MultiSelect") return namesIn(value);
	if (type === "Check") return Number(value) ? "1" : "";
	if (isEmpty(value)) return "";
	if (isNumber(type)) return number(value, DIGITS);
	if (type === "Date") return value.slice(0, 10);
	if (type === "Datetime") return toOwn(value).slice(0, 16).replace(" ", "T");
	return isRich(type) ? plain(value) : String(value);
}

/** What the editor of a field holds that says nothing yet. */
export const emptyText = ({ type }) => (type === "Table MultiSelect" ? [] : "");

/** What an editor of a field holds, as the server takes it: by field, since a party is two. */
export function valuesOf(name, text, spec) {
	if (spec.type !== "Dynamic Link") return { [name]: valueOf(text, spec) };
	const [doctype, party] = text ? partyIn(text) : [null, null];
	return { [spec.options]: doctype, [name]: party };
}

/** One value: numbers as they were typed, moments in the site's time. */
function valueOf(text, { type }) {
	if (type === "Table MultiSelect") return text;
	if (type === "Check") return text ? 1 : 0;
	if (isRich(type)) return markup(text);
	const trimmed = text.trim();
	if (type === "Datetime" && trimmed) return toSite(`${trimmed.replace("T", " ")}:00`.slice(0, 19));
	return trimmed || (isNumber(type) || isLong(type) || type === "Data" ? "" : null);
}

/** Plain text as the markup of a rich field or a mail: what looks like markup in it stays text. */
export function markup(text) {
	const escaped = text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
	const lines_html = escaped.trim().replaceAll("\n", "<br>");
	return lines_html ? `<p>${lines_html}</p>`.replace(/(<br>){2,}/g, "</p><p>") : "";
}

/** The text of markup, its paragraphs and lines kept; nothing in it is run or loaded. */
export function plain(source) {
	const { body } = new DOMParser().parseFromString(unstyled(source), "text/html");
	for (const part of body.querySelectorAll("script")) part.remove();
	for (const part of body.querySelectorAll("br")) part.replaceWith("\n");
	for (const part of body.querySelectorAll("li")) part.prepend("- ");
	for (const part of body.querySelectorAll("p, ul, ol, h1, h2, h3, h4, table")) part.append("\n\n");
	for (const part of body.querySelectorAll("li, div, tr")) part.append("\n");
	return body.textContent.replace(/[ \t]+\n/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
}

/** Markup without its styles, of which the browser would complain though they are shown nowhere. */
const unstyled = (source) =>
	source
		.replace(/<style\b[^]*?<\/style\s*>/gi, "")
		.replace(/<[^>]*>/g, (tag) => tag.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/gi, ""));

/** Whether markup shows more than its text, which editing it as text would lose. */
export const isFormatted = (source) => /<(?!\/?(p|br|div)\b)[a-z]/i.test(source || "");
