"""What the app and its module are called."""

APP = "crm_pipeline"
MODULE = "CRM Pipeline"
