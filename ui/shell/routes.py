"""Builds pages. Their code is loaded when the first of a kind is wanted, long after the first frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.complaints.model import ComplaintForm
from app.core.tasks import OnBug
from ui.shell.spare import Spare
from ui.workstation import Desk, Opening, Workstation

if TYPE_CHECKING:
    from ui.complaints.page import ComplaintPage
    from ui.customer.page import CustomerPage
    from ui.customer.state import CustomerContext
    from ui.home.page import HomePage
    from ui.needs_you.page import NeedsYouPage
    from ui.sign_in.page import SignInPage
    from ui.sign_in.unlock_page import UnlockPage


class Routes:
    """One method per kind of page; `desk` is set once somebody has signed in.

    Pages are made inside the `stack` that will show them: moved there later, each of their widgets would be dressed anew.
    """

    def __init__(self, workstation: Workstation, on_bug: OnBug, stack: QWidget) -> None:
        self._workstation = workstation
        self._on_bug = on_bug
        self._stack = stack
        self._desk: Desk | None = None
        self._customer = Spare(self._customer_page, stack)

    @property
    def desk(self) -> Desk:
        """The signed-in clerk's desk."""
        assert self._desk is not None, "only sign-in comes before sign-in"  # noqa: S101 - an invariant
        return self._desk

    @property
    def is_signed_in(self) -> bool:
        """Whether anybody is."""
        return self._desk is not None

    def serve(self, desk: Desk | None) -> None:
        """Build pages for this clerk from now on."""
        self._desk = desk
        self._customer.drop()
        if desk is not None:
            self._customer.lay_up()

    def unlock(self, opening: Opening) -> UnlockPage:
        """The page that asks for the passphrase."""
        from ui.sign_in.unlock_page import UnlockPage  # noqa: PLC0415

        return UnlockPage(self._workstation, opening, self._on_bug, self._stack)

    def sign_in(self) -> SignInPage:
        """The page that asks who is here."""
        from ui.sign_in.page import SignInPage  # noqa: PLC0415

        return SignInPage(self._workstation, self._on_bug, self._stack)

    def home(self) -> HomePage:
        """What is due."""
        from ui.home.page import HomePage  # noqa: PLC0415

        return HomePage(self.desk, self._workstation, self._on_bug, self._stack)

    def needs_you(self) -> NeedsYouPage:
        """What wants a decision."""
        from ui.needs_you.page import NeedsYouPage  # noqa: PLC0415

        return NeedsYouPage(self.desk, self._workstation, self._on_bug, self._stack)

    def customer(self, customer_id: str) -> CustomerPage:
        """All that is known of a customer."""
        page = self._customer.take()
        page.be_about(customer_id)
        return page

    def complaint(self, context: CustomerContext | None, form: ComplaintForm | None) -> ComplaintPage:
        """A complaint: about a customer, to be mended, or about nobody's account."""
        from ui.complaints.page import ComplaintPage  # noqa: PLC0415

        return ComplaintPage(self.desk, self._workstation, self._on_bug, context, form, self._stack)

    def _customer_page(self) -> CustomerPage:
        from ui.customer.page import CustomerPage  # noqa: PLC0415

        return CustomerPage(self.desk, self._workstation, self._on_bug, parent=self._stack)
