"""Questions before a sale: what is possible at a place, what may be sold, what to recommend (TMF645, 679, 680)."""

from __future__ import annotations

from app.core.permissions import Permission
from backoffice.resources.common import ACTIONS, SERVICE_STATES, THE_CUSTOMER
from backoffice.resources.kinds import ASKING, Resource, attributes, filters, task
from backoffice.resources.masks import places

_PLACES = (
    "serviceQualificationItem.service.place serviceQualificationItem.alternateServiceProposal.alternateService.place"
)

_OF_ITEM = ("acknowledged", "terminatedWithError", "inProgress", "done")

QUALIFICATIONS = (
    Resource(
        "checkServiceQualification",
        "serviceQualificationManagement/v4",
        attributes(
            "checkServiceQualificationDate:instant description effectiveQualificationDate:instant "
            "estimatedResponseDate:instant expectedQualificationDate:instant expirationDate:instant externalId "
            "instantSyncQualification:truth provideAlternative:truth provideUnavailabilityReason:truth "
            "qualificationResult relatedParty:list serviceQualificationItem:list state"
        ),
        required=("serviceQualificationItem",),
        inner_words={"serviceQualificationItem.service.state": SERVICE_STATES},
        events=(
            "CreateEvent",
            "AttributeValueChangeEvent",
            "StateChangeEvent",
            "DeleteEvent",
            "InformationRequiredEvent",
        ),
        filters=filters(
            "externalId state qualificationResult relatedParty.id serviceQualificationItem.service.place.id "
            "checkServiceQualificationDate:instant"
        ),
        states=task("state", "accepted"),
        created="checkServiceQualificationDate",
        later=("effectiveQualificationDate", "estimatedResponseDate", "expirationDate", "qualificationResult"),
        rule="checkServiceQualification",
        walked=("serviceQualificationItem", "serviceQualificationItem.service.place"),
        write=Permission.FILE_COMPLAINT,
        owners=THE_CUSTOMER,
        is_shared_alone=True,
        masks=places(_PLACES),
    ),
    Resource(
        "queryServiceQualification",
        "serviceQualificationManagement/v4",
        attributes(
            "description effectiveQualificationDate:instant estimatedResponseDate:instant "
            "expectedQualificationDate:instant expirationDate:instant externalId instantSyncQualification:truth "
            "queryServiceQualificationDate:instant relatedParty:list searchCriteria:object "
            "serviceQualificationItem:list state"
        ),
        required=("searchCriteria",),
        inner_words={
            "searchCriteria.service.state": SERVICE_STATES,
            "serviceQualificationItem.service.state": SERVICE_STATES,
        },
        events=("CreateEvent", "StateChangeEvent", "DeleteEvent"),
        filters=filters("externalId state relatedParty.id queryServiceQualificationDate:instant"),
        states=task("state", "accepted"),
        created="queryServiceQualificationDate",
        later=("effectiveQualificationDate", "estimatedResponseDate", "expirationDate", "serviceQualificationItem"),
        rule="queryServiceQualification",
        walked=("searchCriteria.service.place",),
        write=Permission.FILE_COMPLAINT,
        owners=THE_CUSTOMER,
        is_shared_alone=True,
        masks=places(f"{_PLACES} searchCriteria.service.place"),
    ),
    Resource(
        "productOfferingQualification",
        "productOfferingQualification/v4",
        attributes(
            "description effectiveQualificationDate:instant expectedPOQCompletionDate:instant expirationDate:instant "
            "instantSyncQualification:truth productOfferingQualificationDate:instant provideAlternative:truth "
            "provideOnlyAvailable:truth provideUnavailabilityReason:truth qualificationResult "
            "requestedPOQCompletionDate:instant category:object channel:object note:list place:list "
            "productOfferingQualificationItem:list relatedParty:list state"
        ),
        inner_required=("productOfferingQualificationItem.id",),
        inner_words={
            "productOfferingQualificationItem.action": ACTIONS,
            "productOfferingQualificationItem.state": _OF_ITEM,
        },
        events=(
            "CreateEvent",
            "AttributeValueChangeEvent",
            "StateChangeEvent",
            "DeleteEvent",
            "InformationRequiredEvent",
        ),
        filters=filters(
            "state qualificationResult relatedParty.id category.id channel.id place.id "
            "productOfferingQualificationItem.productOffering.id productOfferingQualificationDate:instant"
        ),
        states=task("state", "acknowledged"),
        created="productOfferingQualificationDate",
        later=("effectiveQualificationDate", "expectedPOQCompletionDate", "expirationDate", "qualificationResult"),
        rule="productOfferingQualification",
        walked=("productOfferingQualificationItem", "place"),
        write=Permission.FILE_COMPLAINT,
        owners=THE_CUSTOMER,
        is_shared_alone=True,
        masks=places("place productOfferingQualificationItem.product.place"),
    ),
    Resource(
        "queryProductRecommendation",
        "recommendation/v4",
        attributes(
            "description instantSyncRecommendation:truth name recommendationType category:list channel:list "
            "place:object productOrder:list productOrderItem:list recommendationItem:list relatedParty:object "
            "shoppingCart:list shoppingCartItem:list state validFor:object"
        ),
        operations=ASKING,
        events=("CreateEvent", "StateChangeEvent"),
        filters=filters("name state recommendationType category.id channel.id relatedParty.id"),
        states=task("state", "accepted"),
        never=("validFor",),
        rule="queryProductRecommendation",
        walked=("category",),
        write=Permission.FILE_COMPLAINT,
        owners=THE_CUSTOMER,
        masks=places("place recommendationItem.product.place"),
    ),
)
