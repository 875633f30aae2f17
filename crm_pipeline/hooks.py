app_name = "crm_pipeline"
app_title = "CRM Pipeline"
app_publisher = "CRM Pipeline contributors"
app_description = "Sales opportunities from first hint to won or lost, for any site on the Frappe Framework"
app_email = "crm-pipeline@example.com"
app_license = "mit"
app_home = "/pipeline"

before_install = "crm_pipeline.install.before_install"
before_app_install = "crm_pipeline.install.before_app_install"
after_install = "crm_pipeline.install.after_install"
before_uninstall = "crm_pipeline.uninstall.before_uninstall"
after_uninstall = "crm_pipeline.uninstall.after_uninstall"

fixtures = [{"dt": "Custom Field", "filters": [["module", "=", "CRM Pipeline"]]}]

extend_bootinfo = "crm_pipeline.boot.add_to_boot"

doctype_js = {
	"Opportunity": ["public/js/amounts.js", "public/js/outcome.js", "public/js/party_history.js"],
	"Quotation": ["public/js/amounts.js", "public/js/outcome.js"],
	"Supplier Quotation": "public/js/amounts.js",
	"Lead": "public/js/party_history.js",
	"Customer": "public/js/party_history.js",
	"Contact": "public/js/contact.js",
}

override_doctype_class = {"Email Account": "crm_pipeline.overrides.email_account.EmailAccount"}

doc_events = {
	"Communication": {"after_insert": "crm_pipeline.events.follow_conversation"},
}

additional_timeline_content = dict.fromkeys(
	("Opportunity", "Quotation", "Supplier Quotation", "Lead", "Customer"),
	["crm_pipeline.api.activities.timeline_content"],
)

after_request = "crm_pipeline.www.pipeline.add_security_headers"
