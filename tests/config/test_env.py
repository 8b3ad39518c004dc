"""Settings from the environment: what is refused, and that no refusal tells a secret."""

import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env, places


def test_a_blocklist_key_is_not_part_of_its_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_BLOCKLIST_KEYS", "spamhaus-zen:s3cr3tk3y")
    with pytest.raises(ImproperlyConfigured, match="SLUICE_BLOCKLIST_KEYS is not understood") as refused:
        env.parsed("BLOCKLIST_KEYS", "", env.pairs, "LIST=KEY", is_secret=True)
    assert "s3cr3tk3y" not in f"{refused.value}{refused.value.__cause__}"


def test_a_choice_is_taken_in_any_case_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_LOG_LEVEL", "warning")
    assert env.choice("LOG_LEVEL", "INFO", ("INFO", "WARNING")) == "WARNING"
    monkeypatch.setenv("SLUICE_LOG_LEVEL", "loud")
    with pytest.raises(ImproperlyConfigured, match=r"'loud'\. It must be one of INFO, WARNING"):
        env.choice("LOG_LEVEL", "INFO", ("INFO", "WARNING"))


@pytest.mark.parametrize(
    "url",
    [
        "postgres://sluice:s3cr3t@db.example.com:99999/sluice",
        "postgres://sluice:s3cr3t@db.example.com:s3cr3t/sluice",
        "postgres://sluice:p#s3cr3t@db.example.com/sluice",
        "postgres://sluice:s3cr3t@db.example.com",
        "postgres://sluice:s3cr3t@[db.example.com/sluice",
        "postgres://sluice:s3cr3t@db.example.com/sluice?s3cr3tive=1",
        "mysql://sluice:s3cr3t@db.example.com/sluice",
        "s3cr3t",
        "sqlite://var/s3cr3t",
        "sqlite:///var/x?s3cr3t=1",
    ],
)
def test_a_database_url_that_is_wrong_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("SLUICE_DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="SLUICE_DATABASE_URL") as refused:
        places.database(tmp_path)
    assert "s3cr3t" not in str(refused.value).replace("'s3cr3tive'", "")


def test_parameters_of_a_database_url_reach_postgresql(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(
        "SLUICE_DATABASE_URL", "postgres://u:p%2Fw@db/sluice?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    )
    database = places.database(tmp_path)
    assert database["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    assert (database["NAME"], database["PASSWORD"]) == ("sluice", "p/w")


def test_sqlite_stands_in_a_home_of_any_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SLUICE_DATABASE_URL", raising=False)
    home = tmp_path / "50% done? #1"
    assert places.database(home)["NAME"] == str(home / "sluice.sqlite3")


@pytest.mark.parametrize(
    "url",
    [
        "smtp://user:s3cr3t@mail.example.com:smtp",
        "smtp://user:s3cr3t@mail.example.com:70000",
        "smtp:s3cr3t",
        "http://user:s3cr3t@mail.example.com",
        "smtp://user:s3cr3t@mail.example.com/?x=1",
    ],
)
def test_a_mail_url_that_is_wrong_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SLUICE_EMAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match="SLUICE_EMAIL_URL is not understood") as refused:
        places.mail()
    assert "s3cr3t" not in str(refused.value)


def test_a_broker_that_nobody_knows_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_BROKER_URL", "rabbit://sluice:s3cr3t@mq")
    with pytest.raises(ImproperlyConfigured, match="SLUICE_BROKER_URL is not understood") as refused:
        places.broker()
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("value", ["127.0.0.1:8000", "[::1]:80", "*:8000", "gate.internal:8000"])
def test_places_to_listen(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SLUICE_BIND", value)
    assert places.bind("") == value


@pytest.mark.parametrize("value", ["foo", ":8000", "127.0.0.1", "127.0.0.1:http", "h:0", "h:65536", "::1:80", "[x]:1"])
def test_what_is_no_place_to_listen_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SLUICE_BIND", value)
    with pytest.raises(ImproperlyConfigured, match="It must be HOST:PORT"):
        places.bind("")


@pytest.mark.parametrize(
    "value",
    ["gate.example.com", "ftp://gate.example.com", "https://", "https://gate.example.com/sluice", "https://h:x"],
)
def test_a_public_url_is_a_scheme_and_a_host(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SLUICE_PUBLIC_URL", value)
    with pytest.raises(ImproperlyConfigured, match="SLUICE_PUBLIC_URL"):
        places.web("PUBLIC_URL", is_root=True)


def test_the_host_of_a_url_is_what_requests_carry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_PUBLIC_URL", "https://gate.example.com/")
    assert places.web("PUBLIC_URL", is_root=True) == "https://gate.example.com"
    assert places.host_of("https://gate.example.com:8443") == "gate.example.com"
    assert places.host_of("http://[::1]:8000") == "[::1]"


@pytest.mark.parametrize("value", ["dns.example.com", "127.0.0.1:0", "127.0.0.1,resolver", ","])
def test_resolvers_are_addresses(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SLUICE_RESOLVERS", value)
    with pytest.raises(ImproperlyConfigured, match="SLUICE_RESOLVERS"):
        places.resolvers()


@pytest.mark.parametrize("value", ["whois.iana.org", "whois.iana.org:43", "WHOIS.iana.org."])
def test_the_root_of_whois_is_a_host_and_a_port(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SLUICE_WHOIS_ROOT", value)
    assert places.whois_root() == "whois.iana.org"
    monkeypatch.setenv("SLUICE_WHOIS_ROOT", "127.0.0.1:4343")
    assert places.whois_root() == "127.0.0.1:4343"


@pytest.mark.parametrize("value", ["whois.iana.org:0", "http://whois.iana.org/", "a b", ":43"])
def test_any_other_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SLUICE_WHOIS_ROOT", value)
    with pytest.raises(ImproperlyConfigured, match="It must be HOST:PORT, like whois"):
        places.whois_root()


def test_the_ports_of_websites_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    assert places.web_ports() == (443, 80)
    monkeypatch.setenv("SLUICE_WEB_PORTS", "8443, 8080")
    assert places.web_ports() == (8443, 8080)
    for value in ("443", "443,80,8080", "443,0", "https,http", "443,65536"):
        monkeypatch.setenv("SLUICE_WEB_PORTS", value)
        with pytest.raises(ImproperlyConfigured, match="It must be the port of https and that of http"):
            places.web_ports()


@pytest.mark.parametrize("value", ["abuse", "Abuse <abuse@example.com>", "a@b@c", "a@b, c@d"])
def test_an_address_is_one_bare_address(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SLUICE_ABUSE_ADDRESS", value)
    with pytest.raises(ImproperlyConfigured, match="one email address"):
        places.mailbox("ABUSE_ADDRESS")


# ── the folder, and the secret in it ────────────────────────────────────────
def test_a_home_that_is_made_is_its_owners_alone_and_one_that_is_there_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SLUICE_HOME", str(tmp_path / "new"))
    assert stat.S_IMODE(env.home(tmp_path).stat().st_mode) == 0o700
    (tmp_path / "old").mkdir(mode=0o755)
    monkeypatch.setenv("SLUICE_HOME", str(tmp_path / "old"))
    assert stat.S_IMODE(env.home(tmp_path).stat().st_mode) == 0o755


def test_a_secret_is_made_once_and_kept_from_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SLUICE_SECRET_KEY", raising=False)
    made = env.secret("SECRET_KEY", tmp_path)
    assert len(made) == 96
    assert env.secret("SECRET_KEY", tmp_path) == made
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key.txt"]
    assert stat.S_IMODE((tmp_path / "secret-key.txt").stat().st_mode) == 0o600


def test_who_makes_the_secret_second_takes_the_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SLUICE_SECRET_KEY", raising=False)
    link = os.link

    def too_late(source: str, target: Path) -> None:
        target.write_text("the first one")
        link(source, target)

    monkeypatch.setattr(os, "link", too_late)
    assert env.secret("SECRET_KEY", tmp_path) == "the first one"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_empty_secret_is_refused_and_not_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SLUICE_SECRET_KEY", raising=False)
    (tmp_path / "secret-key.txt").touch()
    with pytest.raises(ImproperlyConfigured, match=r"secret-key\.txt is empty"):
        env.secret("SECRET_KEY", tmp_path)
