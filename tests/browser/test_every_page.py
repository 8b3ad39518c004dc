"""Every page that a person can reach is sound, light and wide as well as dark and narrow; and every page that the
resolver knows is reached."""

from collections.abc import Callable
from functools import cache

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Demo, open_context, sign_in
from tests.browser.story import Story
from tests.browser.walker import Walker
from tests.browser.ways import WAYS
from tests.config.addresses import addresses
from tests.config.matrix import MATRIX, NO_SUCH

pytestmark = pytest.mark.browser
FIRST_START = "it is there only while there is no administrator, and the demo has one"
MACHINES = "it is for machines, and answers in JSON"
PASSKEY = "it needs a passkey, and browsers make none for a host that is a bare address"
NOT_WALKED = {
    "visitors:welcome": FIRST_START,
    "visitors:health_live": MACHINES,
    "visitors:health_engine": MACHINES,
    "portal:look": "it is a fragment of pages that are walked",
    "account_set_password": "it is for an account without a password, and every one has one",
    "mfa_login_webauthn": "it is for the script of the sign-in page, and answers in JSON",
    "mfa_reauthenticate_webauthn": PASSKEY,
    "mfa_edit_webauthn": PASSKEY,
    "mfa_remove_webauthn": PASSKEY,
}


@pytest.fixture(scope="module")
def walk(browser: Browser, demo: Demo) -> Callable[[str], Walker]:
    """Walk somebody's way, once."""

    @cache
    def walk(who: str) -> Walker:
        way, context = WAYS[who], open_context(browser)
        context.set_default_timeout(20_000)
        page = context.new_page()
        if way.email:
            sign_in(page, demo, way.email)
        walker = Walker(page, demo)
        way.walk(Story(browser, demo), walker)
        context.close()
        return walker

    return walk


@pytest.mark.parametrize("who", WAYS)
def test_every_page_is_sound(walk: Callable[[str], Walker], who: str) -> None:
    walker = walk(who)
    assert walker.names
    assert not walker.faults, "\n".join(walker.faults)


def test_no_page_is_left_out(walk: Callable[[str], Walker]) -> None:
    pages = {name for name, _ in addresses() if not name.startswith("api:") and MATRIX[name][0] != NO_SUCH}
    reached = {name for who in WAYS for name in walk(who).names}
    left_out = sorted(pages - reached - set(NOT_WALKED))
    assert not left_out, f"Walk these, or say in NOT_WALKED why they are not: {', '.join(left_out)}"
    needless = sorted(set(NOT_WALKED) - (pages - reached))
    assert not needless, f"Take these out of NOT_WALKED: {', '.join(needless)}"
