"""Signing in with and without the line, and opening a desk that has no keyring."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.errors import DeskError
from app.session.model import SignInRefusedError, WrongPinError
from app.sync.status import LineState, SyncStatus
from tests.fakes.workstation import CLERK, PASSWORD
from tests.ui.bench import ENTER, Bench, focused, heard, type_keys
from ui.sign_in.page import SignInPage
from ui.sign_in.unlock_page import UnlockPage
from ui.sign_in.unlock_view_model import MIN_PASSPHRASE
from ui.workstation import Appearance, Desk, Opening

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]

LONG_ENOUGH = "four words that do not belong"


class PassphraseWrongError(DeskError):
    """What the desk raises for a wrong passphrase."""

    text = "This is not the passphrase."


def sign_in(bench: Bench) -> SignInPage:
    """The sign-in page of this desk."""
    return SignInPage(bench.workstation, bench.on_bug)


def unlock(bench: Bench, opening: Opening) -> UnlockPage:
    """The unlock page of this desk."""
    return UnlockPage(bench.workstation, opening, bench.on_bug)


async def test_the_password_and_enter_sign_the_last_user_in() -> None:
    bench = Bench()
    async with bench.showing(sign_in(bench)) as page:
        came = heard(page.signed_in)
        assert focused(page) is page.secret
        type_keys(page, PASSWORD, ENTER)
        await page.tasks.idle()
        (desk,) = came
        assert isinstance(desk, Desk)
        assert desk.clerk == CLERK


async def test_the_page_says_which_head_office_it_is_for() -> None:
    bench = Bench()
    async with bench.showing(sign_in(bench)) as page:
        assert page.office.text() == f"Head office: {bench.workstation.office_address}"


async def test_enter_goes_from_the_user_to_the_password() -> None:
    bench = Bench()
    bench.workstation.last_user = ""
    async with bench.showing(sign_in(bench)) as page:
        came = heard(page.signed_in)
        assert focused(page) is page.user
        type_keys(page, "wang", ENTER, PASSWORD, ENTER)
        await page.tasks.idle()
        assert len(came) == 1


async def test_a_wrong_password_is_said_under_its_field_and_leaves_no_secret_behind() -> None:
    bench = Bench()
    async with bench.showing(sign_in(bench)) as page:
        type_keys(page, "wrong")
        page.press("primary")
        assert page.secret.text() == ""
        await page.tasks.idle()
        assert page.secret.accessibleDescription() == str(SignInRefusedError())
        assert focused(page) is page.secret
        type_keys(page, PASSWORD, ENTER)
        await page.tasks.idle()
        assert bench.workstation.is_signed_in


async def test_a_missing_user_is_asked_for_before_anything_is_sent() -> None:
    bench = Bench()
    bench.workstation.last_user = ""
    async with bench.showing(sign_in(bench)) as page:
        page.press("primary")
        assert focused(page) is page.user
        assert page.user.accessibleDescription() == "Type your user name first."
        assert not bench.gate.passed["sign-in"]


async def test_a_second_try_while_the_first_runs_is_dropped() -> None:
    bench = Bench()
    bench.gate.shut("sign-in")
    async with bench.showing(sign_in(bench)) as page:
        type_keys(page, PASSWORD, ENTER, ENTER)
        page.press("primary")
        assert page.enter.accessibleName() == "Signing in…"
        bench.gate.open("sign-in")
        await page.tasks.idle()
        assert bench.gate.passed["sign-in"] == 1


async def test_with_the_line_cut_the_desk_pin_is_asked_for() -> None:
    bench = Bench()
    async with bench.showing(sign_in(bench)) as page:
        assert page.secret.accessibleName() == "Password"
        bench.workstation.tell(SyncStatus(LineState.CUT))
        assert page.secret.accessibleName() == "Desk PIN"
        bench.gate.fail("sign-in", WrongPinError())
        type_keys(page, "000000", ENTER)
        await page.tasks.idle()
        assert page.secret.accessibleDescription() == str(WrongPinError())


async def test_a_desk_pin_is_offered_after_the_first_sign_in_and_set_by_typing_it_twice() -> None:
    bench = Bench(replace(CLERK, has_pin=False))
    async with bench.showing(sign_in(bench)) as page:
        came = heard(page.signed_in)
        type_keys(page, PASSWORD, ENTER)
        await page.tasks.idle()
        assert not came
        assert focused(page) is page.pin_strip.pin
        type_keys(page, "135790", ENTER, "135790", ENTER)
        await page.tasks.idle()
        (desk,) = came
        assert isinstance(desk, Desk)
        assert (bench.workstation.pin, desk.clerk.has_pin) == ("135790", True)
        assert page.pin_strip.pin.text() == page.pin_strip.again.text() == ""


@pytest.mark.parametrize(
    ("pin", "again", "said"),
    [("135790", "135791", "The two PINs are not the same."), ("1357", "1357", "The desk PIN needs at least 6 digits.")],
)
async def test_a_pin_that_cannot_be_taken_is_said_under_it(pin: str, again: str, said: str) -> None:
    bench = Bench(replace(CLERK, has_pin=False))
    async with bench.showing(sign_in(bench)) as page:
        type_keys(page, PASSWORD, ENTER)
        await page.tasks.idle()
        type_keys(page, pin, ENTER, again, ENTER)
        await page.tasks.idle()
        assert page.pin_strip.pin.accessibleDescription().startswith(said)
        assert focused(page) is page.pin_strip.pin
        assert not bench.workstation.pin


async def test_the_offer_of_a_pin_is_passed_over_by_esc() -> None:
    bench = Bench(replace(CLERK, has_pin=False))
    async with bench.showing(sign_in(bench)) as page:
        came = heard(page.signed_in)
        type_keys(page, PASSWORD, ENTER)
        await page.tasks.idle()
        page.press("back")
        assert len(came) == 1
        assert not bench.workstation.pin


async def test_language_and_theme_are_asked_for_from_the_page() -> None:
    bench = Bench()
    async with bench.showing(sign_in(bench)) as page:
        wishes = heard(page.appearance_wanted)
        type_keys(page, "half a pass")
        page.language.click()
        page.theme.click()
        assert wishes == [Appearance("zh_CN", "light"), Appearance("en", "dark")]
        assert page.secret.text() == "half a pass"


async def test_a_passphrase_is_chosen_by_typing_it_twice() -> None:
    bench = Bench()
    async with bench.showing(unlock(bench, Opening.PASSPHRASE_TO_CHOOSE)) as page:
        unlocked = heard(page.unlocked)
        type_keys(page, LONG_ENOUGH, ENTER, LONG_ENOUGH, ENTER)
        await page.tasks.idle()
        assert bench.workstation.passphrase == LONG_ENOUGH
        assert len(unlocked) == 1
        assert page.passphrase.text() == page.again.text() == ""


@pytest.mark.parametrize(
    ("passphrase", "again", "said"),
    [
        ("short", "short", f"The passphrase has 5 characters, {MIN_PASSPHRASE} are the least."),
        (LONG_ENOUGH, LONG_ENOUGH + "s", "The two passphrases are not the same."),
    ],
)
async def test_a_passphrase_that_cannot_be_taken_protects_nothing(passphrase: str, again: str, said: str) -> None:
    bench = Bench()
    async with bench.showing(unlock(bench, Opening.PASSPHRASE_TO_CHOOSE)) as page:
        type_keys(page, passphrase, ENTER, again, ENTER)
        await page.tasks.idle()
        assert page.passphrase.accessibleDescription().startswith(said)
        assert not bench.gate.passed["unlock"]


async def test_one_field_opens_a_desk_that_has_a_passphrase() -> None:
    bench = Bench()
    bench.gate.fail("unlock", PassphraseWrongError())
    async with bench.showing(unlock(bench, Opening.PASSPHRASE_NEEDED)) as page:
        unlocked = heard(page.unlocked)
        type_keys(page, "wrong", ENTER)
        await page.tasks.idle()
        assert page.passphrase.accessibleDescription() == PassphraseWrongError.text
        bench.gate.mend("unlock")
        type_keys(page, "old one", ENTER)
        await page.tasks.idle()
        assert (bench.workstation.passphrase, len(unlocked)) == ("old one", 1)


async def test_a_lost_key_leaves_nothing_to_press() -> None:
    bench = Bench()
    async with bench.showing(unlock(bench, Opening.KEY_LOST)) as page:
        assert page.form.isHidden()
        page.press("primary")
        await page.tasks.idle()
        assert not bench.gate.passed["unlock"]
