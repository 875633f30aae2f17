// Next contacts. A moved entry moves the next contact by the document's own method.
frappe.views.calendar["Opportunity"] = {
	field_map: { id: "name", title: "heading", start: "next_contact_date" },
	get_events_method: "crm_pipeline.api.calendar.get_next_contacts",
	get_css_class: ({ overdue }) => (overdue ? "danger" : "default"),
	update_event_method: "run_doc_method",

	// What the entry shows is the user's time, whatever the calendar of this Frappe keeps it as.
	get_update_args({ id, start }) {
		const shown = moment(start).locale("en").format(frappe.defaultDatetimeFormat);
		const args = JSON.stringify({ to: frappe.datetime.convert_to_system_tz(shown) });
		return { dt: "Opportunity", dn: id, method: "move_follow_up", args };
	},

	// A moved entry may be overdue now, or no longer.
	update_event(event, revert) {
		const moved = frappe.views.Calendar.prototype.update_event.call(this, event, revert);
		return moved.then(() => this.refresh());
	},

	// A contact is a moment: it has no end to show or to drag, and no day without a time.
	options: {
		displayEventEnd: false,
		eventDurationEditable: false,
		defaultTimedEventDuration: "01:00:00",
		allDaySlot: false, // Frappe 15
		// Frappe 16 shows no tooltip by itself, and a time only on entries that are all of one colour.
		eventDidMount({ el, event }) {
			el.title = event.extendedProps.tooltip;
			el.style.backgroundColor = event.backgroundColor;
			el.style.setProperty("color", event.textColor, "important");
		},
	},
};
