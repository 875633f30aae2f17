"""What Frappe offers over HTTP on files."""
