"""Imports a public data set of 8,800 sales opportunities through Frappe's own data import, and checks the result.

source.py    reads the four CSV files as they are, and adds up what is in them
sheets.py    turns them into import sheets: one per DocType and step, with every decision about the data
importer.py  checks a sheet's links, writes it as CSV, has Frappe import it, asks the site what arrived
plain.py     computes from the files alone what every report must say
reports.py   asks the site's reports, and puts what they say beside that
compare.py   tells in what lists and reports of the site differ from the files
__main__.py  the command
"""
