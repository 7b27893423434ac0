"""An authenticator app and a passkey as software, and how a browser signs in with them."""

import base64
import hashlib
import hmac
import json
import struct

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.urls import reverse
from fido2 import cbor
from fido2.cose import ES256

from catalog.tests import page_parsing

LOGIN, SECOND_STEP, OVERVIEW = "/admin/login/", "/admin/login/second-step/", "/admin/two-step/"
PASSKEY = "/admin/login/passkey/"
HOST, ORIGIN = "localhost", "http://localhost"
PRESENT, VERIFIED, ATTESTED = 1, 4, 64  # flags of authenticator data


def code_of(secret, time):
    """The code that an app shows at a time (RFC 6238)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def browser(address="192.0.2.1"):
    """A browser of its own, at an address."""
    return Client(REMOTE_ADDR=address, headers={"host": HOST})


def enter_password(client, password="editor-password", name="editor", **fields):
    """The response to a name and password."""
    return client.post(LOGIN, {"username": name, "password": password} | fields)


def enter_code(code, address="192.0.2.1"):
    """The response to a code after the right password, in a browser of its own."""
    client = browser(address)
    enter_password(client)
    return client.post(SECOND_STEP, {"code": code})


def is_signed_in(client):
    """Whether the admin is open."""
    return client.get(reverse("admin:index")).status_code == 200


def add_app(client):
    """Add an app on the pages, and return its secret."""
    page = page_parsing.parse_page(client.get(reverse("mfa_activate_totp")))
    return page_parsing.text(page.cssselect(".two-step-key")[0])


def to_text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Passkey:
    """A passkey of a device for one account."""

    def __init__(self, user, origin=ORIGIN, flags=PRESENT | VERIFIED):
        self.user, self.origin, self.flags = user, origin, flags
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), f"credential of {user}".encode()

    def client_data(self, client, kind):
        """What the browser signs: the challenge of its session and the address of the page."""
        challenge = client.session["mfa.webauthn.state"]["challenge"]
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}).encode()

    def authenticator_data(self, more_flags=0):
        """What the device signs: the host, and whether it checked a PIN, finger or face."""
        return hashlib.sha256(HOST.encode()).digest() + bytes([self.flags | more_flags]) + bytes(4)

    def registration(self, client):
        """What is sent to add it."""
        cose_key = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose_key
        attestation = {"fmt": "none", "attStmt": {}, "authData": self.authenticator_data(ATTESTED) + attested}
        response = {
            "clientDataJSON": to_text(self.client_data(client, "create")),
            "attestationObject": to_text(cbor.encode(attestation)),
        }
        return self.credential(response)

    def assertion(self, client, user=None):
        """What is sent to sign in with it."""
        client_data, data = self.client_data(client, "get"), self.authenticator_data()
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": to_text(client_data),
            "authenticatorData": to_text(data),
            "signature": to_text(signature),
            "userHandle": to_text(user_pk_to_url_str(user or self.user).encode()),
        }
        return self.credential(response)

    def credential(self, response):
        return {"id": to_text(self.id), "rawId": to_text(self.id), "type": "public-key", "response": response}

    def store(self):
        """Add it without the pages."""
        client = browser()
        session = client.session
        session["mfa.webauthn.state"] = {"challenge": to_text(bytes(32))}
        session.save()
        data = {"name": f"Passkey of {self.user}", "credential": self.registration(client)}
        return Authenticator.objects.create(user=self.user, type=Authenticator.Type.WEBAUTHN, data=data)

    def sign_in(self, client, **fields):
        """The response to a sign-in with the passkey alone."""
        client.get(PASSKEY, headers={"accept": "application/json"})
        return client.post(PASSKEY, {"credential": json.dumps(self.assertion(client))} | fields)
