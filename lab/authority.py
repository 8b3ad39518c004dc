"""A throw-away certificate authority: made when the lab opens, trusted by whom it is given to, forgotten with it."""

from __future__ import annotations

import datetime
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


class Authority:
    """Its certificate is in the file `path`; `server_context` is for a server of any name, which it vouches for."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="lab-authority-")
        self.path = Path(self._folder.name) / "authority.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The lab's throw-away authority")])
        self._contexts: dict[str, ssl.SSLContext] = {}
        made = self._sign(self._name, self._key.public_key(), x509.BasicConstraints(ca=True, path_length=0))
        self.path.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def close(self) -> None:
        self._folder.cleanup()

    def server_context(self, shown: Callable[[str], str] = str) -> ssl.SSLContext:
        """Shows each client a certificate for `shown` of the name that it asks for: that name, unless told otherwise;
        none at all, and ends the handshake, where that is empty."""

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> int | None:
            certified = shown(name.lower()) if name else ""
            if name and not certified:
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            if certified:
                connection.context = self._context_for(certified)
            return None

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = choose
        return context

    def _context_for(self, name: str) -> ssl.SSLContext:
        if name not in self._contexts:
            key = ec.generate_private_key(ec.SECP256R1())
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
            made = self._sign(subject, key.public_key(), x509.SubjectAlternativeName([x509.DNSName(name)]))
            secret = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            pem = self.path.with_name(f"{len(self._contexts)}.pem")
            pem.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            self._contexts[name] = context
        return self._contexts[name]

    def _sign(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, says: x509.ExtensionType) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        is_own = isinstance(says, x509.BasicConstraints)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + 30 * DAY)
            .add_extension(says, critical=is_own)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if is_own:
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        return builder.sign(self._key, hashes.SHA256())
