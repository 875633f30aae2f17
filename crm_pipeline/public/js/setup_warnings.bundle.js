// Tells System Managers, on our workspace, what keeps the app's jobs from running. Selling Settings do so too.
frappe.provide("crm_pipeline");

crm_pipeline.get_setup_warnings = async () => {
	if (!frappe.model.can_write("System Settings")) {
		return [];
	}
	const method = "crm_pipeline.api.setup.get_setup_warnings";
	return (await frappe.call({ method, type: "GET" })).message || [];
};

const CLASS = "crm-pipeline-setup-warning";

function is_our_workspace() {
	const [kind, name] = frappe.get_route();
	return kind === "Workspaces" && name === "CRM Pipeline";
}

async function show_on_workspace() {
	$(`.${CLASS}`).remove();
	if (!is_our_workspace()) {
		return;
	}
	const warnings = await crm_pipeline.get_setup_warnings();
	if (warnings.length && is_our_workspace()) {
		const notice = $(`<div class="${CLASS} form-message yellow"></div>`).html(warnings.join("<br>"));
		$(`.${CLASS}`).remove();
		$(frappe.container.page).find(".layout-main-section").first().prepend(notice);
	}
}

$(document).on("app_ready", () => frappe.router.on("change", show_on_workspace));
$(document).on("page-change", show_on_workspace);
