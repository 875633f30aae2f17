"""Imports a public data set of 8,800 sales opportunities through Frappe's own data import, and checks the result.

source.py    reads the four CSV files as they are, and adds up what is in them
sheets.py    turns them into import sheets: one per DocType and step, with every decision about the data
importer.py  checks a sheet's links, writes it as CSV, has Frappe import it, asks the site what arrived
compare.py   compares the site's lists and reports with what the files add up to
__main__.py  the command
"""
