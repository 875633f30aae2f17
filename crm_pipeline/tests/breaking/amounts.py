"""Rates and amounts of opportunities."""

from crm_pipeline.tests.breaking.writing import breaks, priced, put, put_recorded, won
from crm_pipeline.tests.factories import (
	make_opportunity,
)


@breaks("base-amount", repaired=True, also=("history-last-state",))
def a_base_amount_that_the_history_knows_better():
	opportunity = make_opportunity(opportunity_amount=100, probability=10)
	return put(opportunity, base_opportunity_amount=90, weighted_amount=9)


@breaks("base-amount")
def a_base_amount_that_nobody_knows_better():
	opportunity = make_opportunity(opportunity_amount=100, probability=10)
	put(opportunity, weighted_amount=9)
	return put_recorded(opportunity, base_opportunity_amount=90)


@breaks("usable-rate")
def a_rate_in_base_currency():
	return put_recorded(make_opportunity(), conversion_rate=2)


@breaks("base-revenue", repaired=True)
def revenue_at_no_rate():
	return put(won(opportunity_amount=100), base_close_revenue=90)


@breaks("one-base-currency")
def another_base_currency():
	return put(make_opportunity(), base_currency="ISK")


@breaks("amount-of-rows")
def an_amount_beside_its_rows():
	return put_recorded(priced(), opportunity_amount=90)


@breaks("total-of-rows", repaired=True)
def a_total_beside_its_rows():
	return put(priced(), total=90)


@breaks("total-of-rows")
def a_total_without_rows():
	return put(make_opportunity(), total=5)


@breaks("row-of-product")
def a_row_that_is_no_product():
	opportunity = priced(probability=10)
	put(opportunity.items[0], amount=190, base_amount=190)
	put(opportunity, total=190, base_total=190, weighted_amount=19)
	return put_recorded(opportunity, opportunity_amount=190, base_opportunity_amount=190)


@breaks("weighted-amount", repaired=True)
def a_weight_of_its_own():
	return put(make_opportunity(opportunity_amount=100), weighted_amount=77)


@breaks("items-said", repaired=True)
def rows_that_nobody_mentions():
	return put(priced(), with_items=0)
