"""How each invariant of the site is broken, past all that keeps it: by writing into the database alone.

A breaker makes what it needs, breaks one invariant, and says what the check is to tell of it.
"""

from crm_pipeline.tests.breaking import amounts, batches, contacts, history, opportunities, quotations, site
from crm_pipeline.tests.breaking.writing import BREAKERS, Breaker

AREAS = (amounts, batches, contacts, history, opportunities, quotations, site)  # each adds its breakers

__all__ = ["AREAS", "BREAKERS", "Breaker"]
