// Done and Snooze: what a follow-up came to and when the next one is, and putting it off; on the form and on My Day.
frappe.provide("crm_pipeline");

// The dialogs ask for a document wherever it is shown: see crm_pipeline.on_form.
crm_pipeline.ask_follow_up = { outcome: ask_outcome, snooze: ask_snooze };

function ask_outcome({ doc, run }) {
	const due = doc.next_contact_date;
	const dialog = new frappe.ui.Dialog({
		title: __("Follow-up Done: {0}", [frappe.utils.escape_html(doc.title)]),
		size: "large",
		fields: [
			{ fieldname: "outcome", fieldtype: "Small Text", label: __("Outcome"), reqd: 1, max_height: "100px" },
			{
				fieldname: "call",
				fieldtype: "Check",
				label: __("It was a call"),
				description: __("Counts as contact with the customer."),
			},
			{ fieldtype: "Section Break", label: __("Next Contact") },
			...moment_fields(doc, "next_contact_date", [...MOMENTS, [__("Not Planned"), null]]),
			{
				fieldname: "next_contact_by",
				fieldtype: "Link",
				options: "User",
				label: __("Next Contact By"),
				default: doc.next_contact_by,
				get_query: () => ({ filters: { enabled: 1, user_type: "System User" } }),
			},
			{ fieldname: "to_discuss", fieldtype: "Small Text", label: __("To Discuss"), max_height: "80px" },
		],
		primary_action_label: __("Done"),
		primary_action({ outcome, call, next_contact_date, next_contact_by, to_discuss }) {
			const following = next_contact_date ? { next_contact_date, next_contact_by, to_discuss } : {};
			const args = { outcome, medium: call ? "Phone" : null, due, ...following };
			run("complete_follow_up", args, () => dialog.hide());
		},
	});
	dialog.show();
	dialog.set_value("when", __("In a Week"));
}

function ask_snooze({ doc, run }) {
	const due = doc.next_contact_date;
	// Snoozing is putting off: not to when it is due already, nor before.
	const later = MOMENTS.filter(([, span]) => moment_in(doc, span).slice(0, 16) > due.slice(0, 16));
	const dialog = new frappe.ui.Dialog({
		title: __("Snooze: {0}", [frappe.utils.escape_html(doc.title)]),
		size: "large",
		fields: moment_fields(doc, "until", later),
		primary_action_label: __("Snooze"),
		primary_action: ({ until }) => run("snooze_follow_up", { until, due }, () => dialog.hide()),
	});
	dialog.show();
	dialog.set_value("when", later[0]?.[0]);
}

// What people say for a moment, and in how many of which unit that is.
const MOMENTS = [
	[__("Tomorrow"), { days: 1 }],
	[__("In Three Days"), { days: 3 }],
	[__("In a Week"), { weeks: 1 }],
	[__("In a Month"), { months: 1 }],
];

// A choice of moments, and the field that it fills and that may be corrected.
function moment_fields(doc, fieldname, moments) {
	return [
		{
			fieldname: "when",
			fieldtype: "Select",
			label: __("When"),
			options: moments.map(([label]) => label),
			onchange() {
				const span = moments.find(([label]) => label === this.get_value())?.[1];
				this.layout.set_value(fieldname, span ? moment_in(doc, span) : null);
			},
		},
		{ fieldtype: "Column Break" },
		{ fieldname, fieldtype: "Datetime", label: __("Date"), reqd: fieldname === "until" },
		{ fieldtype: "Section Break" },
	];
}

// At the hour of the present appointment, as it suited then.
function moment_in(doc, span) {
	const [hour, minute] = doc.next_contact_date.slice(11, 16).split(":");
	const day = moment(frappe.datetime.system_datetime()).add(span).set({ hour, minute, second: 0 });
	return day.format(frappe.defaultDatetimeFormat);
}
