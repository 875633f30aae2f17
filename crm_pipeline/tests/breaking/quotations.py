"""Quotations and supplier quotations, and their totals."""

from frappe.model.document import Document
from frappe.utils import now_datetime

from crm_pipeline.tests.breaking.writing import NOWHERE, breaks, put, supplier_quotation
from crm_pipeline.tests.factories import (
	in_days,
	make_customer,
	make_party_opportunity,
	make_quotation,
)

# Quotations


@breaks("quotation-status", repaired=True)
def a_draft_that_is_open():
	return put(make_quotation(submit=False), status="Open")


@breaks("quotation-status")
def a_submitted_draft():
	return put(make_quotation(), status="Draft")


@breaks("supplier-quotation-status", repaired=True)
def a_cancelled_offer_that_is_submitted():
	offer = supplier_quotation().submit()
	offer.cancel()
	return put(offer, status="Submitted")


@breaks("ordered-rows")
def ordered_without_a_row():
	return put(make_quotation(), status="Ordered", ordered_on=in_days(0))


@breaks("ordered-rows")
def a_row_that_is_ordered_alone():
	quotation = make_quotation()
	put(quotation.items[0], ordered=1)
	return [quotation.name]


@breaks("ordered-on")
def ordered_on_no_day():
	return put(make_quotation().mark_ordered(), ordered_on=None)


@breaks("replaced-by")
def replaced_by_nothing():
	return put(make_quotation(), replaced_by=NOWHERE)


@breaks("replaced-is-told")
def replaced_and_not_told():
	customer = make_customer().name
	former = make_quotation(party_name=customer)
	make_quotation(party_name=customer, replaces=former.name)
	return put(former, replaced_by=None)


@breaks("quotation-rows")
def a_row_of_another_opportunity():
	quotation = make_quotation(make_party_opportunity())
	put(quotation.items[0], opportunity_item=make_party_opportunity().items[0].name)
	return [quotation.name]


@breaks("supplier-quotation-rows")
def a_row_of_an_offer_for_another_opportunity():
	offer = supplier_quotation()
	put(
		offer.items[0],
		opportunity=make_party_opportunity().name,
		opportunity_item=make_party_opportunity().items[0].name,
	)
	return [offer.name]


@breaks("request-status")
def answered_without_being_asked():
	return put(supplier_quotation(), request_status="Answered")


@breaks("request-status")
def asked_long_after_the_answer():
	moment = now_datetime()
	return put(supplier_quotation(), request_status="Asked", requested_on=moment, answered_on=moment)


# Totals


@breaks("quotation-totals")
def a_quotation_with_a_total_of_its_own():
	return put(make_quotation(), total=105)


@breaks("supplier-quotation-totals")
def an_offer_with_a_total_of_its_own():
	return put(supplier_quotation(), total=105)


@breaks("quotation-row-of-product")
def a_row_of_a_quotation_that_is_no_product():
	quotation = make_quotation()
	put(quotation.items[0], amount=110)
	return put(quotation, total=110)


@breaks("supplier-quotation-row-of-product")
def a_row_of_an_offer_that_is_no_product():
	offer = supplier_quotation()
	put(offer.items[0], amount=110, base_amount=110)
	return put(offer, total=110, net_total=110, base_net_total=110)


def free(doctype: str, **fields) -> Document:
	"""A draft that costs nothing, so that its rate makes no difference to its amounts."""
	rows = [{"item_name": "Sample", "qty": 1, "rate": 0}]
	if doctype == "Quotation":
		return make_quotation(submit=False, items=rows, **fields)
	return supplier_quotation(items=rows, **fields)


@breaks("quotation-usable-rate")
def a_quotation_without_a_rate():
	return put(free("Quotation"), conversion_rate=0)


@breaks("supplier-quotation-usable-rate")
def an_offer_with_a_rate_in_base_currency():
	return put(free("Supplier Quotation"), conversion_rate=2)


@breaks("quotation-charges")
def a_grand_total_of_its_own():
	return put(make_quotation(), grand_total=105)
