"""The use cases of one signed-in clerk, put together."""

from __future__ import annotations

from app.bootstrap.store import Store
from app.complaints.usecases import ComplaintDesk
from app.core.clock import Clock
from app.core.permissions import Clerk
from app.customer360.overview import CustomerOverview
from app.customers.ports import FarCustomers
from app.customers.usecases import FindCustomers
from app.drafts.ports import Hall
from app.drafts.usecases import BegunWork
from app.sync.adoption import Adoption
from local_cache.drafts import JournalDrafts
from local_cache.records import MirrorComplaints, MirrorCustomers, MirrorHoldings, MirrorOutages
from ui.workstation import Desk


def desk_for(store: Store, hall: Hall, clerk: Clerk, clock: Clock, elsewhere: FarCustomers) -> Desk:
    """Everything this clerk can do; `elsewhere` brings who lives outside the home."""
    customers = MirrorCustomers(store.reader, store.region)
    complaints = MirrorComplaints(store.reader)
    drafts = JournalDrafts(store.journal, store.log)
    return Desk(
        clerk=clerk,
        find=FindCustomers(customers),
        overview=CustomerOverview(
            customers, MirrorHoldings(store.reader), complaints, MirrorOutages(store.reader), elsewhere
        ),
        complaints=ComplaintDesk(complaints, store.log, drafts, clock, clerk, store.limits, store.region),
        outstanding=store.log,
        adoption=Adoption(store.log, clerk),
        begun=BegunWork(drafts, hall, clerk),
    )
