/** The dialog that says what came of a next contact, or puts it off. */

const DOCTYPE = "Opportunity";
const REFUSED = [401, 403];
const METHODS = { done: "complete_follow_up", snooze: "snooze_follow_up" };
const USUAL = { done: "week", snooze: "tomorrow" };
const AHEAD = { tomorrow: { days: 1 }, days: { days: 3 }, week: { days: 7 }, month: { months: 1 } };

/**
 * @param {HTMLDialogElement} dialog
 * @param {object} tools `fillSlots`, `format`, `values`, `textOf`, `api`
 * @param {function} onSaved (name) => called when the server has taken it
 */
export function createFollowUp(dialog, tools, onSaved) {
	const { fillSlots, format, values, api } = tools;
	const form = dialog.querySelector("form");
	const { outcome, call, when, date, to_discuss } = form.elements;
	let action = "done";
	let opportunity = null;

	for (const button of dialog.querySelectorAll('[data-action="cancel"]')) {
		button.addEventListener("click", () => dialog.close());
	}
	when.addEventListener("change", () => choose(when.value));
	date.addEventListener("input", () => (when.value = "other"));
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		send();
	});

	/** Ask about the next contact of an opportunity, as it is on the server now; `asked` is "done" or "snooze". */
	async function open(asked, name) {
		action = asked;
		opportunity = null;
		form.reset();
		for (const part of form.querySelectorAll("[data-only]")) {
			part.hidden = part.dataset.only !== action;
			for (const control of [part, ...part.querySelectorAll("*")]) {
				if ("disabled" in control) control.disabled = part.hidden; // so that it is not required
			}
		}
		fillSlots(dialog, { title: "…", due: "", problem: "", zone: values.zone() });
		busy(true);
		dialog.showModal();
		try {
			show(await api.getDocument(DOCTYPE, name));
		} catch (error) {
			fail(error);
		}
	}

	function show(loaded) {
		const titles = dialog.querySelector("h2").dataset;
		if (!loaded.next_contact_date) throw new Error(dialog.dataset.none);
		opportunity = loaded;
		const isPast = values.isPastMoment(opportunity.next_contact_date);
		const due = format(isPast ? dialog.dataset.overdue : dialog.dataset.due, values.fullMoment(opportunity.next_contact_date));
		const about = opportunity.to_discuss ? tools.textOf(opportunity.to_discuss) : "";
		fillSlots(dialog, { title: format(titles[action], opportunity.title), due: [due, about].filter(Boolean).join(" · ") });
		busy(false);
		choose((when.value = USUAL[action]));
		(action === "done" ? outcome : when).focus();
	}

	/** At the hour of the present appointment, as it suited then. */
	function choose(what) {
		date.required = what !== "none";
		date.disabled = what === "none";
		if (what === "none") date.value = "";
		if (AHEAD[what]) date.value = values.ahead(AHEAD[what], opportunity.next_contact_date).slice(0, 16).replace(" ", "T");
		if (what === "other") date.focus();
	}

	async function send() {
		busy(true);
		fillSlots(dialog, { problem: "" });
		try {
			const args = action === "done" ? result() : { until: moment() };
			await api.run(DOCTYPE, opportunity.name, METHODS[action], { ...args, due: opportunity.next_contact_date });
			dialog.close();
			await onSaved(opportunity.name);
		} catch (error) {
			busy(false);
			fail(error);
		}
	}

	function result() {
		const following = date.value ? { next_contact_date: moment(), to_discuss: to_discuss.value || null } : {};
		return { outcome: outcome.value, medium: call.checked ? "Phone" : null, ...following };
	}

	/** The date that was chosen, in the site's time. */
	const moment = () => values.toSite(`${date.value.replace("T", " ")}:00`.slice(0, 19));

	function fail(error) {
		const { stale, refused, offline } = dialog.dataset;
		const hint = REFUSED.includes(error.status) ? refused : "";
		const words = error.isStale ? stale : [error.message, hint].filter(Boolean).join(" ");
		fillSlots(dialog, { problem: words || offline });
		if (opportunity) (action === "done" ? outcome : date).focus();
	}

	function busy(isSo) {
		form.querySelector("fieldset").disabled = isSo;
		for (const button of form.querySelectorAll('[type="submit"]')) button.disabled = isSo;
		form.setAttribute("aria-busy", String(isSo));
	}

	return { open };
}
