# SPDX-License-Identifier: Apache-2.0
import datetime
import pathlib
import tempfile
import unittest

import nxvms
from counterpart import Counterpart, send
from nxvms.events import follow
from nxvms.footage import piece_of
from nxvms.session import Session
from nxvms.transport import Transport

TOKENS = {"accessToken": "a", "refreshToken": "r", "expiresInSeconds": 900, "user": {"username": "nora"}}


class Refusals(unittest.TestCase):
    def refusal(self, status, body, headers=None):
        with Counterpart(lambda to: send(to, status, body, headers)) as server:
            with self.assertRaises(nxvms.Problem) as raised:
                nxvms.Client(server.url).get("/api/v1/cameras")
        return raised.exception

    def test_a_refusal_keeps_what_the_problem_says(self):
        problem = self.refusal(
            422,
            {
                "type": "/problems/validation",
                "title": "A value cannot work",
                "status": 422,
                "detail": "Give a name.",
                "errors": [{"field": "name", "detail": "is empty"}],
            },
        )
        self.assertIsInstance(problem, nxvms.Invalid)
        self.assertEqual((422, "validation", "Give a name."), (problem.status, problem.name, problem.detail))
        self.assertEqual({"name": "is empty"}, problem.errors)

    def test_each_has_its_exception_and_says_when_to_come_again(self):
        self.assertIsInstance(self.refusal(401, {"type": "/problems/totp-required"}), nxvms.TotpRequired)
        self.assertIsInstance(self.refusal(409, {"type": "/problems/conflict"}), nxvms.AlreadyThere)
        self.assertIsInstance(self.refusal(422, {"type": "/problems/camera-unreachable"}), nxvms.CameraProblem)
        self.assertEqual(7, self.refusal(429, {"type": "/problems/too-many-requests"}, {"Retry-After": "7"}).retry_after)

    def test_a_page_of_a_proxy_is_a_refusal_too(self):
        problem = self.refusal(503, b"<html>Bad gateway</html>", {"Retry-After": "soon"})
        self.assertIsInstance(problem, nxvms.Unavailable)
        self.assertIn("Bad gateway", problem.title)
        self.assertIsNone(problem.retry_after)

    def test_credentials_follow_no_redirect(self):
        with Counterpart(lambda to: send(to, 200, {})) as elsewhere:
            problem = self.refusal(307, b"", {"Location": elsewhere.url + "/"})
            self.assertEqual([], elsewhere.asked)
        self.assertEqual(307, problem.status)

    def test_who_does_not_answer_is_told_from_who_refuses(self):
        with Counterpart(lambda to: None) as server:
            with self.assertRaises(nxvms.ServerUnreachable):
                nxvms.Client(server.url).get("/api/v1/cameras")

    def test_an_address_that_cannot_be_one_is_refused_at_once(self):
        for url in ("nvr:8080", "ftp://nvr", "http://", "http://admin:x@nvr"):
            with self.assertRaises(nxvms.NXvmsError, msg=url):
                nxvms.Client(url)


class Sessions(unittest.TestCase):
    def test_tokens_are_renewed_before_they_end(self):
        now = [0.0]
        with Counterpart(lambda to: send(to, 200, {**TOKENS, "accessToken": f"a{len(server.asked)}"})) as server:
            session = Session(Transport(server.url, 30, None), None, lambda: now[0])
            told = session.login("nora", "secret", "123456")
            self.assertEqual({"expiresInSeconds": 900, "user": {"username": "nora"}}, told)
            now[0] = 674
            self.assertEqual("a1", session.token())
            now[0] = 675
            self.assertEqual("a2", session.token())
            self.assertEqual({"username": "nora", "password": "secret", "totp": "123456"}, server.asked[0][3])
            self.assertEqual(("/api/v1/auth/refresh", {"refreshToken": "r"}), (server.asked[1][1], server.asked[1][3]))

    def test_a_token_refused_early_is_renewed_and_the_request_sent_again(self):
        def answer(to):
            if to.path.startswith("/api/v1/auth/"):
                send(to, 200, {**TOKENS, "accessToken": to.path[-5:]})
            elif to.headers["Authorization"] == "Bearer fresh":
                send(to, 200, {"items": []})
            else:
                send(to, 401, {"type": "/problems/unauthenticated"})

        with Counterpart(answer) as server:
            client = nxvms.Client(server.url)
            client.login("nora", "secret")
            self.assertEqual([], list(client.cameras()))
            self.assertEqual(1, sum(asked[1].endswith("/refresh") for asked in server.asked))

    def test_an_ended_session_is_not_asked_for_again(self):
        def answer(to):
            login = to.path.endswith("/login")
            send(to, 200 if login else 401, TOKENS if login else {"type": "/problems/unauthenticated"})

        with Counterpart(answer) as server:
            client = nxvms.Client(server.url)
            client.login("nora", "secret")
            for _ in range(2):
                with self.assertRaises(nxvms.Unauthenticated):
                    client.me()
            self.assertEqual(1, sum(asked[1].endswith("/refresh") for asked in server.asked))


class Creating(unittest.TestCase):
    def test_is_asked_for_again_with_the_same_key_when_no_answer_came(self):
        with Counterpart(lambda to: send(to, 201, {"id": "c"}) if len(server.asked) == 2 else None) as server:
            self.assertEqual({"id": "c"}, nxvms.Client(server.url).add_camera({"name": "Gate"}))
        first, second = (asked[2]["idempotency-key"] for asked in server.asked)
        self.assertEqual(first, second)
        self.assertGreaterEqual(len(first), 32)


class Events(unittest.TestCase):
    def test_following_goes_on_behind_the_last_message_and_doubles_nothing(self):
        bodies = [
            b"retry: 1\nid: 5\nevent: open\ndata: {}\n\n: heartbeat\nid: 7\n\nid: 9\nevent: event\ndata: {\"kind\":\"a\"}\n\nid: 11\nevent: ev",
            b"id: 11\nevent: reset\ndata: {\"detail\":\"gone\"}\n\nid: 12\nevent: event\ndata: {\"kind\":\ndata: \"b\"}\n\n",
            b"event: end\ndata: {\"reason\":\"stopping\",\"detail\":\"\"}\n\n",
            b"event: end\ndata: {\"reason\":\"forbidden\",\"detail\":\"no right\"}\n\n",
        ]
        with Counterpart(lambda to: send(to, 200, bodies[len(server.asked) - 1])) as server:
            messages = nxvms.Client(server.url, api_key="nxk_1").follow_events(kinds=["camera.*", "x.y"], position="3")
            taken = [next(messages) for _ in range(3)]
            with self.assertRaises(nxvms.EventsEnded) as ended:
                next(messages)
        self.assertEqual("forbidden", ended.exception.reason)
        self.assertEqual([("event", "9"), ("reset", "11"), ("event", "12")], [(m.type, m.position) for m in taken])
        self.assertEqual({"kind": "b"}, taken[2].data)
        self.assertEqual(["3", "9", "12", "12"], [asked[2].get("last-event-id") for asked in server.asked])
        self.assertIn("kinds=camera.%2A%2Cx.y", server.asked[0][1])
        self.assertEqual("Bearer nxk_1", server.asked[0][2]["authorization"])

    def test_waits_longer_each_time_and_as_long_as_the_server_asks(self):
        waits = []

        def connect(position):
            if len(waits) == 3:
                raise nxvms.NotFound(404, {})
            raise nxvms.TooManyRequests(429, {}, 5.0 if len(waits) == 1 else None)

        with self.assertRaises(nxvms.NotFound):
            next(follow(connect, lambda: None, "", waits.append))
        self.assertTrue(1.5 <= waits[0] <= 2.5 and waits[1] == 5.0 and 6 <= waits[2] <= 10, waits)

    def test_a_wrong_address_is_told_at_once(self):
        def connect(position):
            raise nxvms.ServerUnreachable("refused")

        with self.assertRaises(nxvms.ServerUnreachable):
            next(follow(connect, lambda: None, ""))


def fragment(start, offset, key=True):
    return {"startMs": start, "durationMs": 1000, "offset": offset, "length": 10, "key": key}


class Footage(unittest.TestCase):
    INDEX = {
        "segmentId": "s",
        "initId": "i",
        "fragments": [fragment(0, 5), fragment(1000, 15, False), fragment(2000, 25), fragment(3000, 35, False)],
    }

    def test_a_range_begins_with_the_key_frame_before_it(self):
        def part(from_ms, to_ms):
            piece = piece_of(self.INDEX, from_ms, to_ms)
            return piece and (piece.start_ms, piece.offset, piece.length)

        self.assertEqual((0, 5, 40), part(-5000, 9000))
        self.assertEqual((0, 5, 20), part(1500, 2000))
        self.assertEqual((2000, 25, 20), part(2000, 3001))
        self.assertIsNone(part(4000, 5000))
        self.assertIsNone(part(-5000, 0))

    def test_a_download_goes_on_where_it_broke_off(self):
        footage = bytes(range(100))

        def answer(to):
            if "/segments?" in to.path:
                send(to, 200, {"items": [{"id": "s"}]})
            elif to.path.endswith("/index"):
                send(to, 200, self.INDEX)
            elif "/init/" in to.path:
                send(to, 200, b"HEAD")
            else:
                first, last = map(int, to.headers["Range"][6:].split("-"))
                whole = footage[first : last + 1]
                # Announces all and breaks off after seven bytes.
                to.send_response(206)
                to.send_header("Content-Length", str(len(whole)))
                to.end_headers()
                to.wfile.write(whole[:7])

        seen = []
        with Counterpart(answer) as server, tempfile.TemporaryDirectory() as folder:
            files = nxvms.Client(server.url).download("c", 0, 4000, folder, progress=seen.append)
            self.assertEqual([pathlib.Path(folder, "c-main-0.mp4")], files)
            self.assertEqual(b"HEAD" + footage[5:45], files[0].read_bytes())
            self.assertEqual(files, list(pathlib.Path(folder).iterdir()))
        self.assertEqual((40, 40), seen[-1][:2])

    def test_a_download_that_brings_nothing_ends(self):
        def answer(to):
            if "/media/v1/segments/" in to.path:
                return
            send(to, 200, {"items": [{"id": "s"}]} if "/segments?" in to.path else self.INDEX)

        with Counterpart(answer) as server, tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(nxvms.ServerUnreachable):
                nxvms.Client(server.url).download("c", 0, 4000, folder)
            self.assertEqual([], list(pathlib.Path(folder).glob("*.mp4")))

    def test_an_export_is_waited_for_and_its_package_goes_on_where_it_broke_off(self):
        package = bytes(range(100))
        job = {"id": "e", "state": "running", "bytesDone": 3}

        def answer(to):
            if to.command == "POST":
                send(to, 201, {**job, "state": "waiting"})
            elif to.path == "/api/v1/exports/e":
                asked = sum(one[1] == to.path for one in server.asked)
                send(to, 200, job if asked == 1 else {**job, "state": "done", "bytesDone": 100, "url": "/media/v1/exports/e"})
            else:
                first, last = map(int, to.headers["Range"][6:].split("-"))
                to.send_response(206)
                to.send_header("Content-Length", str(last + 1 - first))
                to.end_headers()
                to.wfile.write(package[first : min(last + 1, first + 60)])

        seen = []
        with Counterpart(answer) as server, tempfile.TemporaryDirectory() as folder:
            wanted = pathlib.Path(folder, "case", "evidence.zip")
            file = nxvms.Client(server.url).export(["c", "d"], 1, 2, wanted, reason="theft", progress=seen.append)
            self.assertEqual(wanted, file)
            self.assertEqual(package, file.read_bytes())
            self.assertEqual([file], list(file.parent.iterdir()))
        draft = {"cameraIds": ["c", "d"], "from": "1", "to": "2", "stream": "main", "form": "mp4", "reason": "theft"}
        self.assertEqual(draft, server.asked[0][3])
        self.assertEqual((100, 100), seen[-1][:2])

    def test_an_export_is_cut_and_burned_into_as_it_is_wished(self):
        overlay: nxvms.Overlay = {"text": "Case 7", "time": True, "zone": "Europe/Berlin"}
        mask: nxvms.Mask = {"cameraId": "c", "points": [[0, 0], [1, 0], [1, 0.5]]}
        with Counterpart(lambda to: send(to, 201, {"id": "e", "state": "failed"})) as server:
            with self.assertRaises(nxvms.NXvmsError):
                nxvms.Client(server.url).export(
                    ["c"], 1, 2, "never.zip", form="mkv", cut="exact", overlay=overlay, masks=(mask,)
                )
        body = server.asked[0][3]
        wished = {name: body[name] for name in ("form", "cut", "overlay", "masks")}
        self.assertEqual({"form": "mkv", "cut": "exact", "overlay": overlay, "masks": [mask]}, wished)

    def test_an_export_that_failed_says_why(self):
        failed = {"id": "e", "state": "failed", "detail": "The disk is full."}
        with Counterpart(lambda to: send(to, 201, failed)) as server:
            with self.assertRaises(nxvms.NXvmsError) as raised:
                nxvms.Client(server.url).export(["c"], 1, 2, "never.zip")
        self.assertIn("The disk is full.", str(raised.exception))

    def test_a_moment_without_a_zone_is_refused(self):
        with self.assertRaises(ValueError):
            nxvms.Client("http://127.0.0.1:1").download("c", datetime.datetime(2026, 1, 1), 1, "x")


if __name__ == "__main__":
    unittest.main()
