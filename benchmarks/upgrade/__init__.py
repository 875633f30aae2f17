"""A site with an earlier state of the app, brought to this one: does everything that people and clients knew still work?

hosts     the commands of a bench and of the embedded host, with the old app or the new one first on the path
on_site/  what runs within the site, in processes of its own: with the old app, then with the new one
compare   what the old site showed against what the new one shows
expected  what may differ, and why
"""
