"""A believable pipeline to try the app with: two years of a company that equips warehouses.

plan.py       who asked for what, when, and what became of it; pure, from one seed
cast.py       the people, companies and products that appear, each created when first needed
story.py      plays one planned opportunity through documents and their methods
requests.py   suppliers who are asked for rates and have not answered all
mails.py      their mails, written all at once
colleagues.py the company's own people, whom one may let sign in
ledger.py     remembers every record made, and gives it its place in the past
build.py, remove.py   the two commands
catalogue.py, people.py, texts.py   data
"""
