"""Addresses and sites (TMF673, 674)."""

from __future__ import annotations

from app.core.permissions import Permission
from backoffice.resources.kinds import READING, Operation, Resource, any_state, attributes, filters, task
from backoffice.resources.masks import masks, places

PLACES = (
    Resource(
        "geographicAddress",
        "geographicAddressManagement/v4",
        attributes(
            "city country locality name postcode stateOrProvince streetName streetNr streetNrLast streetNrLastSuffix "
            "streetNrSuffix streetSuffix streetType geographicLocation:object geographicSubAddress:list"
        ),
        operations=READING,
        filters=filters(
            "name country stateOrProvince city locality postcode streetName streetNr geographicSubAddress.id geographicLocation.id"
        ),
        defaults={"geographicSubAddress": []},
        masks=masks(
            "name postcode streetName streetNr streetNrLast streetNrLastSuffix streetNrSuffix streetSuffix streetType "
            "geographicLocation geographicSubAddress",
            Permission.REVEAL_CONTACTS,
        ),
    ),
    Resource(
        "geographicSubAddress",
        "geographicAddressManagement/v4",
        attributes(
            "buildingName levelNumber levelType name privateStreetName privateStreetNumber subAddressType "
            "subUnitNumber subUnitType"
        ),
        operations=READING,
        parent="geographicAddress",
        filters=filters("name buildingName levelNumber subUnitNumber geographicAddress.id"),
        masks=masks(
            "buildingName levelNumber levelType name privateStreetName privateStreetNumber subUnitNumber subUnitType",
            Permission.REVEAL_CONTACTS,
        ),
    ),
    Resource(
        "geographicAddressValidation",
        "geographicAddressManagement/v4",
        attributes(
            "provideAlternative:truth validationDate:instant validationResult alternateGeographicAddress:list state "
            "submittedGeographicAddress:object validGeographicAddress:object"
        ),
        required=("submittedGeographicAddress", "provideAlternative"),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CREATE, Operation.CHANGE}),
        events=("StateChangeEvent",),
        filters=filters("state validationResult validGeographicAddress.id validationDate:instant"),
        states=task("state", "accepted"),
        created="validationDate",
        later=("alternateGeographicAddress", "validGeographicAddress", "validationResult"),
        rule="geographicAddressValidation",
        write=Permission.FILE_COMPLAINT,
        masks=places("submittedGeographicAddress validGeographicAddress alternateGeographicAddress"),
    ),
    Resource(
        "geographicSite",
        "geographicSiteManagement/v4",
        attributes("code description name status calendar:list place:list relatedParty:list siteRelationship:list"),
        events=("CreateEvent", "AttributeValueChangeEvent", "StatusChangeEvent", "DeleteEvent"),
        filters=filters("code name status place.id relatedParty.id siteRelationship.id"),
        states=any_state("status", "planned"),
        defaults={"calendar": [], "place": [], "relatedParty": []},
    ),
)
