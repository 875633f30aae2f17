frappe.ui.form.on("Sales Team", {
	setup(frm) {
		const named = () => [frm.doc.manager || "", ...(frm.doc.members || []).map((row) => row.user || "")];
		const filters = (taken) => ({ enabled: 1, user_type: "System User", name: ["not in", taken] });
		frm.set_query("manager", () => ({ filters: filters((frm.doc.members || []).map((row) => row.user || "")) }));
		frm.set_query("user", "members", () => ({ filters: filters(named()) }));
		frm.set_query("parent_team", () => ({ filters: { name: ["!=", frm.doc.name] } }));
	},
});
