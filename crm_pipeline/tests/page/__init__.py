"""The pipeline page in a browser, as people use it; `make test-browser` runs these tests.

conftest.py   what a test is given: `open_page`, `rest`, `server`, `console`
servers.py    who serves the page: the embedded host with the demo
bench.py      or a bench
browser.py    finding Chromium, and the ways in which a page is looked at
pipeline.py   the page as a person speaks of it, and the opportunities that tests make
looking.py    what is asked of every page: loaded, accessible, not wider than the screen

A test asks for roles and visible texts. It imports neither Playwright nor anything that does at its top, so that
Frappe's own runner, which imports every file of tests, does without a browser: `expect` is in `looking`.
"""
