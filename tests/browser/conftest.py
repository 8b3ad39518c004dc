"""A real Chromium over a real demo in its own process. Without a Chromium these tests are left out, and say so."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.line.installation import ROOT, free_port

SHOTS = Path(os.environ.get("SLUICE_SHOTS", ROOT / "var" / "shots"))
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
LEFT_OUT = "no Chromium was found, so the browser tests are left out. Install one (Debian: apt install chromium)."


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with this folder: while Playwright runs, no other test of the process could use asyncio."""
    program = chromium()
    if program is None:
        if os.environ.get("SLUICE_TEST_BROWSER") == "required":
            pytest.fail(f"SLUICE_TEST_BROWSER is 'required', but {LEFT_OUT}")
        pytest.skip(LEFT_OUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


class Demo:
    """A running `make demo`: where it is, and what it has told so far."""

    def __init__(self, home: Path, inject_after: float) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
        environment["SLUICE_BIND"] = f"127.0.0.1:{free_port()}"
        environment["PYTHONUNBUFFERED"] = "1"
        command = [sys.executable, "-m", "lab.demo", "--json", "--control-port", "0", "--home", str(home)]
        self.errors = (home.parent / "demo.err").open("w+")
        self.process = subprocess.Popen(
            [*command, "--inject-after", str(inject_after)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        assert self.process.stdout
        first = self.process.stdout.readline()
        if not first:
            self.process.wait()
            self.errors.seek(0)
            raise AssertionError(f"the demo did not start:\n{self.errors.read()}")
        self.where: dict[str, Any] = json.loads(first)
        self.url: str = self.where["url"]
        self.control: str = self.where["control"]

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(30)
        if self.process.stdout:
            self.process.stdout.close()
        self.errors.close()
        return code


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo") / "home", inject_after=3)
    yield demo
    assert demo.stop() == 0


def open_context(
    browser: Browser, *, width: int = 1440, scheme: Literal["light", "dark"] = "light", scripts: bool = True
) -> BrowserContext:
    height = 900 if width > 600 else 800
    return browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts, locale="en-GB"
    )


def sign_in(page: Page, demo: Demo, email: str, password: str = "") -> None:
    page.goto(f"{demo.url}/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password or demo.where["people"]["password"])
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_url(lambda url: "/login" not in url)


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the whole page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
