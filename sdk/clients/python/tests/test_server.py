# SPDX-License-Identifier: Apache-2.0
"""Against a running server that records a camera: NXVMS_URL, NXVMS_USER, NXVMS_PASSWORD (an administrator)."""

import base64
import contextlib
import hashlib
import hmac
import io
import os
import pathlib
import re
import struct
import tempfile
import time
import unittest
import uuid
import zipfile

import nxvms

URL = os.environ["NXVMS_URL"]
USER = os.environ["NXVMS_USER"]
PASSWORD = os.environ["NXVMS_PASSWORD"]
README = pathlib.Path(__file__).parent.parent / "README.md"
PATIENCE_S = 60


def totp(secret, at):
    """RFC 6238 as every app does it."""
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", int(at) // 30), hashlib.sha1)
    return f"{(struct.unpack_from('>I', digest, digest[-1] & 15)[0] & 0x7FFFFFFF) % 10**6:06d}"


class Server(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = nxvms.Client(URL)
        cls.server.login(USER, PASSWORD)
        cls.camera = next(camera for camera in cls.server.cameras() if cls.recorded(camera))
        cls.password = f"Gate-{uuid.uuid4()}"

    @classmethod
    def tearDownClass(cls):
        cls.server.logout()

    @classmethod
    def recorded(cls, camera):
        """Waits for footage: a camera may have been added a moment ago."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if any(segment["durationMs"] > 2000 for segment in cls.server.segments(camera["id"], 1, cls.now())):
                return True
            time.sleep(0.2)
        return False

    @staticmethod
    def now():
        return int(time.time() * 1000)

    def user(self, role="viewer"):
        name = f"u{uuid.uuid4().hex[:12]}"
        user = {"username": name, "password": self.password, "role": role, "mustChangePassword": False}
        made = self.server.post("/api/v1/users", user)
        self.addCleanup(self.server.delete, f"/api/v1/users/{made['id']}")
        return name

    def test_the_readme_works_as_it_is_written(self):
        text = README.read_text()
        blocks = re.findall(r"```python\n(.*?)```", text, re.S)
        self.assertGreaterEqual(len(blocks), 4)
        place = os.getcwd()
        said = io.StringIO()
        names = {}
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                with contextlib.redirect_stdout(said):
                    for block in blocks:
                        if "follow_events" in block:
                            # Something to follow, from a moment ago on.
                            before = str(self.now() * 1000 - 1_000_000)
                            self.server.raise_event({"kind": "readme.page", "source": {"type": "integration", "id": "readme"}})
                            block = block.replace('position = ""', f'position = "{before}"')
                        exec(compile(block, str(README), "exec"), names)
                self.assertTrue(names["files"])
                for file in names["files"]:
                    self.assertEqual(b"ftyp", file.read_bytes()[4:8])
                with zipfile.ZipFile(names["package"]) as package:
                    self.assertIsNone(package.testzip())
                    self.assertIn("manifest.jws", package.namelist())
            finally:
                os.chdir(place)
                names["server"].logout()
        self.assertIn(self.camera["name"], said.getvalue())
        self.assertRegex(said.getvalue(), r"(?m)^(camera|readme)\.\S+ 20")
        self.assertIn("{'name'", said.getvalue())

    def test_a_second_factor_is_asked_for_and_taken(self):
        name = self.user()
        client = nxvms.Client(URL)
        client.login(name, self.password)
        secret = client.post("/api/v1/auth/totp", {"password": self.password})["secret"]
        now = time.time()
        client.post("/api/v1/auth/totp/confirm", {"code": totp(secret, now)})
        with self.assertRaises(nxvms.TotpRequired):
            nxvms.Client(URL).login(name, self.password)
        with nxvms.Client(URL) as other:
            # One step ahead is taken too; the one of now was taken already.
            told = other.login(name, self.password, totp=totp(secret, now + 30))
            self.assertEqual(name, told["user"]["username"])
            self.assertEqual(name, other.me()["username"])

    def test_an_api_key_does_what_its_scope_says(self):
        made = self.server.post(
            "/api/v1/api-keys", {"name": f"k{uuid.uuid4()}", "scopes": ["view_configuration"], "password": PASSWORD}
        )
        self.addCleanup(self.server.delete, f"/api/v1/api-keys/{made['details']['id']}")
        client = nxvms.Client(URL, api_key=made["key"])
        self.assertIn(self.camera["id"], [camera["id"] for camera in client.cameras()])
        with self.assertRaises(nxvms.Forbidden):
            client.get("/api/v1/users")

    def test_a_session_is_renewed_when_its_token_is_refused(self):
        name = self.user()
        client = nxvms.Client(URL)
        client.login(name, self.password)
        # As if it had ended; the refresh token is still good.
        client._session._access = "ended"
        self.assertEqual(name, client.me()["username"])
        client.logout()
        with self.assertRaises(nxvms.Unauthenticated):
            client.me()

    def test_events_are_followed_from_where_one_was(self):
        source = {"type": "integration", "id": "python"}
        start = str(self.now() * 1000 - 1_000_000)
        said = [self.server.raise_event({"kind": "python.said", "source": source, "detail": str(n)})["id"] for n in range(3)]
        mine = self.of(said, self.server.follow_events(kinds=["python.*"], position=start))
        first = next(mine)
        rest = self.of(said, self.server.follow_events(kinds=["python.*"], position=first.position))
        self.assertEqual(said, [first.data["id"], next(rest).data["id"], next(rest).data["id"]])

    @staticmethod
    def of(ids, messages):
        return (message for message in messages if message.type == "event" and message.data["id"] in ids)

    def test_footage_is_downloaded_with_its_progress(self):
        segments = list(self.server.segments(self.camera["id"], 1, self.now()))
        first = next(segment for segment in segments if segment["durationMs"] > 2000)
        seen = []
        with tempfile.TemporaryDirectory() as folder:
            files = self.server.download(self.camera["id"], first["startMs"], first["startMs"] + 1500, folder, progress=seen.append)
            self.assertEqual(1, len(files))
            body = files[0].read_bytes()
        self.assertEqual(b"ftyp", body[4:8])
        self.assertIn(b"moof", body)
        self.assertEqual(seen[-1].total_bytes, seen[-1].done_bytes)
        self.assertLess(seen[-1].total_bytes, len(body))
        self.assertEqual(sorted(seen), seen)

    def test_what_is_repeated_is_created_once(self):
        key = str(uuid.uuid4())
        event = {"kind": "python.once", "source": {"type": "integration", "id": "python"}}
        self.assertEqual(self.server.raise_event(event, key)["id"], self.server.raise_event(event, key)["id"])
        with self.assertRaises(nxvms.Invalid) as refused:
            self.server.raise_event({**event, "detail": "other"}, key)
        self.assertIn("Idempotency-Key", refused.exception.errors)

    def test_refusals_are_told_apart(self):
        with self.assertRaises(nxvms.NotFound):
            self.server.camera(str(uuid.uuid4()))
        with self.assertRaises(nxvms.Invalid) as refused:
            self.server.get("/api/v1/cameras", limit=0)
        self.assertIn("limit", refused.exception.errors)
        camera = self.server.camera(self.camera["id"])
        with self.assertRaises(nxvms.Changed):
            self.server.change_camera(camera["id"], {"group": "East"}, version=camera["version"] + 1)
        with self.assertRaises(nxvms.Unauthenticated):
            nxvms.Client(URL).me()
