"""Money that came in or went back, and the means of paying (TMF670, 676)."""

from __future__ import annotations

from backoffice.resources.common import LIFE, THE_CUSTOMER
from backoffice.resources.kinds import ASKING, Owner, Resource, States, any_state, attributes, filters, transitions
from backoffice.resources.masks import MEANS_OF_PAYING, means_under, places

_MEANS = (
    *(
        "cash",
        "digitalWallet",
        "tokenizedCard",
        "bankAccountTransfer",
        "bankAccountDebit",
        "bankCard",
        "voucher",
        "check",
    ),
    *("bucketPaymentMethod", "accountPaymentMethod", "loyaltyPaymentMethod", "directDebit"),
)

PAYMENTS = (
    Resource(
        "payment",
        "payment/v4",
        attributes(
            "authorizationCode correlatorId description name paymentDate:instant status statusDate:instant "
            "account:object amount:object channel:object payer:object paymentItem:list paymentMethod:object "
            "taxAmount:object totalAmount:object"
        ),
        required=("account", "paymentMethod", "totalAmount"),
        operations=ASKING,
        events=LIFE,
        filters=filters(
            "correlatorId authorizationCode status account.id payer.id channel.id paymentMethod.id paymentItem.item.id "
            "totalAmount.value:number paymentDate:instant"
        ),
        states=States("status", "done", transitions(done=""), is_given=False),
        created="paymentDate",
        status_changed="statusDate",
        rule="payment",
        walked=("paymentItem",),
        id_prefix="P",
        owners=(Owner("account.id", through="billingAccount"), Owner("payer.id")),
        masks=means_under("paymentMethod"),
    ),
    Resource(
        "refund",
        "payment/v4",
        attributes(
            "authorizationCode correlatorId description name refundDate:instant status statusDate:instant "
            "account:object amount:object channel:object payment:object paymentMethod:object requestor:object "
            "taxAmount:object totalAmount:object"
        ),
        required=("account", "paymentMethod", "totalAmount"),
        operations=ASKING,
        events=LIFE,
        filters=filters(
            "correlatorId authorizationCode status account.id payment.id requestor.id channel.id totalAmount.value:number "
            "refundDate:instant"
        ),
        states=States("status", "done", transitions(done=""), is_given=False),
        created="refundDate",
        status_changed="statusDate",
        rule="refund",
        id_prefix="R",
        owners=(Owner("account.id", through="billingAccount"), Owner("requestor.id", role="customer")),
        masks=means_under("paymentMethod"),
    ),
    Resource(
        "paymentMethod",
        "paymentMethod/v4",
        attributes(
            "authorizationCode description isPreferred:truth name status statusDate:instant statusReason "
            "account:list relatedParty:object relatedPlace:object validFor:object @type"
        ),
        required=("@type", "name"),
        events=("CreateEvent", "AttributeValueChangeEvent", "StatusChangeEvent", "DeleteEvent"),
        filters=filters("name @type status isPreferred:truth relatedParty.id account.id"),
        words={"@type": _MEANS},
        states=any_state("status", "active"),
        status_changed="statusDate",
        once=("@type",),
        owners=(*THE_CUSTOMER, Owner("account.id", through="billingAccount")),
        masks=(*MEANS_OF_PAYING, *places("relatedPlace")),
    ),
)
