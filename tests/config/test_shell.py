"""Commands as an operator types them, where something is not ready: one sentence and exit status 1."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLD = "The database is not up to date. Run 'manage.py migrate' first"


def manage(home: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    given = {"HOME": str(home), "DATABASE_URL": ""} | settings
    env = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
    env |= {f"SLUICE_{name}": value for name, value in given.items()} | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("command", [("sweep",), ("create-token", "--role", "it"), ("import-vendors", "vendors.csv")])
def test_a_database_without_tables_is_told_in_one_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    header = "vendor,server_address,server_hostname,server_helo,contact_name,contact_email,contact_phone"
    (tmp_path / "vendors.csv").write_text(f"{header},contact_emergency\nAlder,45.90.4.7,,,,,,\n")
    given = [str(tmp_path / part) if part.endswith(".csv") else part for part in command]
    ended = manage(tmp_path, *given)
    assert ended.returncode == 1
    assert ended.stderr.startswith(OLD)
    assert ended.stderr.count("\n") == 1


@pytest.mark.slow
def test_and_in_json_to_who_asked_for_json(tmp_path: Path) -> None:
    ended = manage(tmp_path, "verify-journal", "--json")
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["sentence"].startswith(OLD)


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    ended = manage(tmp_path, "verify-journal", DATABASE_URL="postgres://sluice:s3cr3t@127.0.0.1:1/sluice")
    assert ended.returncode == 1
    assert "The database does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "s3cr3t" not in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value"), [("BLOCKLISTS", "/nowhere/lists.toml"), ("LOG_LEVEL", "loud")])
def test_a_setting_that_would_fail_later_fails_the_check(tmp_path: Path, name: str, value: str) -> None:
    ended = manage(tmp_path, "check", **{name: value})
    assert ended.returncode == 1
    assert value in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_a_web_server_that_imports_the_application_checks_the_settings_too(tmp_path: Path) -> None:
    env = os.environ | {"SLUICE_HOME": str(tmp_path), "SLUICE_ESCALATION": "nobody:1m"}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    ended = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert "SLUICE_ESCALATION is 'nobody:1m'" in ended.stderr.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize(("sweep", "spacing"), [("5", "600.0"), ("1", "2.0")])
def test_two_looks_that_confirm_a_fault_outlast_a_resolvers_cache(tmp_path: Path, sweep: str, spacing: str) -> None:
    shown = manage(tmp_path, "diffsettings", SWEEP_SECONDS=sweep).stdout
    assert float(shown.partition("CONFIRM_SPACING_SECONDS = ")[2].split()[0]) == float(spacing)


DEPLOYED = {
    "PUBLIC_URL": "https://gate.example.com",
    "SECRET_KEY": "invented-" * 8,
    "ADVERTISER_NAME": "Harrow & Lyle",
    "ABUSE_ADDRESS": "abuse@harrow.example.com",
}


@pytest.mark.slow
def test_a_deployment_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    ended = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **DEPLOYED)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hsts", "seconds", "subdomains"), [("", True, False), ("off", False, False), ("subdomains", True, True)]
)
def test_hsts_binds_our_host_alone_unless_asked_and_never_preloads(
    tmp_path: Path, hsts: str, seconds: bool, subdomains: bool
) -> None:
    shown = manage(tmp_path, "diffsettings", HSTS=hsts, **DEPLOYED).stdout
    assert ("SECURE_HSTS_SECONDS = 31536000" in shown) is seconds
    assert ("SECURE_HSTS_INCLUDE_SUBDOMAINS = True" in shown) is subdomains
    assert "SECURE_HSTS_PRELOAD = True" not in shown
