"""The web server."""

import threading

import click
import frappe.app
from frappe.commands import connected_site, get_site, pass_context
from gunicorn.app.base import BaseApplication


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=int)
@click.option("--threads", default=4, show_default=True, type=int)
@click.option("--scheduler", is_flag=True, help="Also run the scheduled functions when they are due")
@click.option("--dev", is_flag=True, help="Use Werkzeug's server, which reloads changed code")
@pass_context
def serve(context, host, port, threads, scheduler, dev):
	"""Serve the site over HTTP until interrupted."""
	with connected_site(context):
		frappe.app._site = get_site(context)
	click.echo(f"Serving {frappe.app._site} on http://{host}:{port}")
	if dev:
		from werkzeug.serving import run_simple

		run_simple(host, port, frappe.app.application, threaded=True, use_reloader=True)
	else:
		GunicornServer(host, port, threads, scheduler).run()


class GunicornServer(BaseApplication):
	"""One worker process with threads: cache and scheduler live in the process."""

	def __init__(self, host, port, threads, scheduler):
		self.settings = {
			"bind": f"{host}:{port}",
			"workers": 1,
			"worker_class": "gthread",
			"threads": threads,
			"loglevel": "warning",
		}
		self.scheduler = scheduler
		super().__init__()

	def load_config(self):
		for key, value in self.settings.items():
			self.cfg.set(key, value)

	def load(self):
		if self.scheduler:
			from frappe.utils.scheduler import keep_running

			threading.Thread(target=keep_running, args=(frappe.app._site,), daemon=True).start()
		return frappe.app.application


commands = [serve]
