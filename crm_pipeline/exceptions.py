"""One exception per refusal, so that a caller can tell exactly what was refused."""

from frappe import PermissionError, ValidationError


# input
class ImpossibleNumber(ValidationError):
	"""Not a number, infinite, or too large to keep."""


class ImpossibleDate(ValidationError):
	"""Text that is no date, or a date the calendar does not have."""


class MarkupInName(ValidationError):
	"""A name with an angle bracket, which could be taken for markup."""


class UnsafeLink(ValidationError):
	"""A web address that is none, such as a script."""


class ProbabilityOutOfRange(ValidationError):
	"""A probability below 0 or above 100 percent."""


class UnreadableList(ValidationError):
	"""Text that should be a name or a JSON list of names."""


class UnreadableFilters(ValidationError):
	"""Filters that are neither a list of conditions nor an object of fields and values, or filters or an order that there are not."""


class UnreadableValues(ValidationError):
	"""Values to set that are no object of fields and values."""


class TooManyRecords(ValidationError):
	"""More records at once than one request may name."""


# what clients send
class DocumentNotSaved(ValidationError):
	"""A method of a document that is not stored yet."""


class ArgumentsUnfit(ValidationError):
	"""A method of a document that is called without an argument that it needs, or with one that it does not take."""


class StateGone(ValidationError):
	"""A request starts from a status or stage that is not the present one."""


class UnknownChoice(ValidationError):
	"""A kind of activity, or an action on several records, that there is not."""


class UndoTooLate(ValidationError):
	"""A move to be undone that is too long ago, or that somebody has built upon."""


class RequestUnderWay(ValidationError):
	"""A request that was sent before and is not answered yet, or was broken off."""


class FieldNotEditable(ValidationError):
	"""A field that a panel or list of the pipeline page does not set."""


class ChangeDoesNotStand(ValidationError):
	"""Another app changed, while a document was saved, what follows from the rest of it."""


class SettledBySaving(ValidationError):
	"""Code writes a field by itself that hangs together with others."""


class TargetUnfit(ValidationError):
	"""What a mapper is to fill is no document of its DocType."""


class LinkNotText(ValidationError):
	"""A link, name, text or date that is an object or a list; a link or name with a null character."""


class ForeignRow(ValidationError):
	"""A row under the name of a row that stands elsewhere, or that was sent already."""


class RowWithoutDocument(ValidationError):
	"""A row that is to be written or deleted without its document."""


class SeriesNameTaken(ValidationError):
	"""A name given by hand that the naming series will give."""


class NamingSeriesUnknown(ValidationError):
	"""A naming series that the DocType does not offer."""


class TooManyPeriods(ValidationError):
	"""A report over more months or quarters than a person can read."""


class AgeRangesImpossible(ValidationError):
	"""Ranges of ages that are not whole days, each more than the one before, or too many of them."""


class NameMissing(ValidationError):
	"""A customer or supplier without a name, or with something for a name that is no text."""


# opportunity
class OpportunityNameMissing(ValidationError):
	"""Neither a name, nor a party or e-mail to take one from."""


class PartyTypeNotAllowed(ValidationError):
	"""The party's DocType is not listed in Selling Settings."""


class PartyUnlike(ValidationError):
	"""A quotation to another party than that of the opportunity it names."""


class PartyMissing(ValidationError):
	"""Something needs a party and the opportunity has none."""


class OpportunityEnded(ValidationError):
	"""Something of a won, lost or closed opportunity is to change that is fixed until it is reopened."""


class IllegalStatusChange(ValidationError):
	"""The transition table does not have this change for this way of asking."""


class StageContradictsStatus(ValidationError):
	"""One save asked for a stage and a status that exclude each other."""


class StageNotInProcess(ValidationError):
	"""The stage is not a row of the opportunity's sales process."""


class StageRequirementsMissing(ValidationError):
	"""An opportunity is to enter a stage without what its sales process requires there."""


class NoFurtherStage(ValidationError):
	"""There is no stage in the direction asked for."""


class LostReasonsMissing(ValidationError):
	"""Lost without saying why."""


class ActiveQuotationStands(ValidationError):
	"""Lost while a submitted, unexpired quotation is open."""


class LostQuotationsStand(ValidationError):
	"""Reopened although every quotation that counts is lost."""


class OrderedQuotationStands(ValidationError):
	"""Reopened although a quotation was ordered."""


class PauseDateMissing(ValidationError):
	"""Paused without a date to wake on."""


class PauseDatePassed(ValidationError):
	"""Paused until a date that is not in the future."""


class ClosedOutOfTime(ValidationError):
	"""Closed before the opportunity came in, or in the future."""


# following up
class FollowUpMissing(ValidationError):
	"""The next contact is to be done, snoozed or moved, and there is none."""


class FollowUpDone(ValidationError):
	"""The next contact that a request means is done already."""


class FollowUpChanged(ValidationError):
	"""The next contact that a request means was postponed, moved or called off meanwhile."""


class OutcomeMissing(ValidationError):
	"""The next contact is said to be done without what came of it."""


class NextContactByUnfit(ValidationError):
	"""The next contact is given to a user who is disabled, or who does not work in Desk."""


class SnoozeDatePassed(ValidationError):
	"""Snoozed until a time that is not to come."""


# money
class BaseCurrencyMissing(ValidationError):
	"""Selling Settings has no base currency yet."""


class BaseCurrencyFixed(ValidationError):
	"""The base currency changed after amounts were recorded in it."""


class ExchangeRateMissing(ValidationError):
	"""No Currency Exchange record leads from one currency to the other."""


class ExchangeRateInvalid(ValidationError):
	"""A rate that is not positive, or from a currency to itself."""


# masters
class SalesProcessIncomplete(ValidationError):
	"""A process without open, won or lost stage, or with a stage twice."""


class StageRequirementInvalid(ValidationError):
	"""A requirement for a stage that the process does not have, without its field or its days."""


class DefaultProcessMissing(ValidationError):
	"""No sales process is the default one."""


class StageTypeInUse(ValidationError):
	"""The type of a stage changed while opportunities stand in it."""


class WorkflowUnfit(ValidationError):
	"""A workflow on the status has states or actions that the status does not have."""


class MasterDisabled(ValidationError):
	"""A disabled customer, supplier or item is to be used anew."""


class SampleTooSmall(ValidationError):
	"""A stage is to get the probability that was measured where too few opportunities are decided to measure one."""


class StagesUnlike(ValidationError):
	"""Stages of different types are to be merged."""


class TeamsInCircle(ValidationError):
	"""A sales team is to stand below itself, or to be merged with one below it."""


class TeamUserRepeated(ValidationError):
	"""A sales team names a user twice."""


class TeamUserUnfit(ValidationError):
	"""A sales team is to take in a user who is disabled or does not work in Desk."""


class TeamUnknown(ValidationError):
	"""A report is to be narrowed to a sales team that is not there, or that the user may not read."""


class LeadNameMissing(ValidationError):
	"""A lead with neither person, organization nor e-mail."""


class CustomerExists(ValidationError):
	"""The lead already became a customer."""


class PartyExists(ValidationError):
	"""An import brings a customer or supplier of a name that is there already."""


class CustomerNotNeeded(ValidationError):
	"""The opportunity's party cannot become a customer."""


class ItemMissing(ValidationError):
	"""A row with neither item nor item name."""


# quotations
class OrderedOutOfTime(ValidationError):
	"""Ordered before the quotation's date, or in the future."""


class QuantityImpossible(ValidationError):
	"""A row of a quotation whose quantity is zero or negative."""


class DiscountImpossible(ValidationError):
	"""A discount that is negative, above 100 percent or above what it is taken off."""


class ChargeImpossible(ValidationError):
	"""A tax or charge that is negative, or that cannot be included in the unit prices."""


class NothingQuoted(ValidationError):
	"""A quotation is submitted that has neither an item with a price nor a net total."""


class QuotationNotOpen(ValidationError):
	"""Only a submitted, open quotation can be ordered or lost."""


class QuotationReplaced(ValidationError):
	"""A quotation that a revision stands for is to be ordered or lost."""


class RevisionUnfit(ValidationError):
	"""A quotation is to replace itself, a draft, one that was ordered, or one of another party or opportunity."""


class RowsMissing(ValidationError):
	"""Rows are to be picked, and none is."""


class PickedRowsUnfit(ValidationError):
	"""A picked row is no row of the document, or was ordered before."""


class MarginBelowFloor(ValidationError):
	"""A quotation leaves less than the margin floor, and no Sales Manager has passed that."""


class MarginImpossible(ValidationError):
	"""A margin that no price has, or a margin asked for in both ways."""


class WorkingHoursImpossible(ValidationError):
	"""Working hours without a day, or whose times cannot be read or lie in the wrong order."""


class PicksUnfit(ValidationError):
	"""Supplier rates chosen for an opportunity that are not offered for it, or quantities that do not add up."""


class SupplierRateMissing(ValidationError):
	"""A supplier's row without a rate is to be the cost of a price."""


class QuotationOfOthers(PermissionError):
	"""What is done to a quotation would change opportunities that the user may not edit."""


class ValidityBeforeDate(ValidationError):
	"""Valid till a day before the quotation's own date."""


# auto-close
class BatchUnderWay(ValidationError):
	"""A batch of auto-close is to be undone before it is finished, or while another run is under way."""


# visibility
class OpportunitiesSwitchedOff(PermissionError):
	"""Selling Settings have opportunities off for all, or for a role of the user."""


class OpportunityNotVisible(PermissionError):
	"""An opportunity or quotation assigned by a user who does not see it, or may not share it."""


class FieldOutOfReach(PermissionError):
	"""A condition on a field, or an amount to add up, that is on a permission level which the user may not read."""


class OpportunitiesHidden(PermissionError):
	"""What counts for all opportunities is to be set by a user to whom some may be hidden."""


class OpportunityReadOnly(PermissionError):
	"""An opportunity that the user may only read, named on a quotation to the customer."""


# handing over
class SuccessorIsLeaver(ValidationError):
	"""A user is to take over from themselves."""


class SuccessorDisabled(ValidationError):
	"""The user who is to take over is disabled."""


class SuccessorNotInSales(ValidationError):
	"""The user who is to take over has no sales role, or opportunities are off for them."""


# assigning
class AssigneesMissing(ValidationError):
	"""An assignment rule is to be on, but names nobody to assign to."""


class AssigneeDisabled(ValidationError):
	"""An assignment rule is to assign to a disabled user."""


class AssigneeNotInSales(ValidationError):
	"""An assignment rule is to assign to a user who may not edit what it assigns."""


class AssignmentRuleBroken(ValidationError):
	"""A condition of an assignment rule names no field, or its description cannot be filled in."""


class NoPipelineRule(ValidationError):
	"""An assignment rule that assigns neither opportunities nor leads."""


# the log and the installation
class HistoryIsAppendOnly(ValidationError):
	"""Pipeline changes are written by the software and never edited."""


class DocTypeClash(ValidationError):
	"""Another app owns a DocType of the same name."""


class DemoPresent(ValidationError):
	"""The demo is to be built although the site has it."""


# requests to suppliers
class RequestItemsMissing(ValidationError):
	"""Rates are to be asked for, but the opportunity has no such item rows."""


class RequestSuppliersMissing(ValidationError):
	"""Rates are to be asked for, but no supplier is chosen."""


class SupplierAddressMissing(ValidationError):
	"""A request is to be sent by mail, but none of its suppliers has an address."""


class AnswerDatePast(ValidationError):
	"""Suppliers are to answer by a day that is past."""


class RequestNotWaiting(ValidationError):
	"""A request is to be sent again or withdrawn that was never sent, or is submitted or cancelled."""


class RequestTemplateMissing(ValidationError):
	"""The Email Template of requests was deleted."""


class RequestLinkInvalid(PermissionError):
	"""A supplier's link was not made here, was changed, or was revoked."""


class RequestLinkExpired(PermissionError):
	"""The last day of a supplier's link is past."""


class RequestClosed(ValidationError):
	"""A supplier answers a request that is not open any more."""


class AnswerIncomplete(ValidationError):
	"""A supplier's answer lacks rates, or the reason for declining, or names rows that were not asked for."""


class AttachmentRefused(ValidationError):
	"""A file that a supplier sends is too large, or of a kind that is not taken."""
