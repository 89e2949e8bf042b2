# SPDX-License-Identifier: Apache-2.0
"""A web server on loopback that answers what a test says, connection by connection."""

from __future__ import annotations

import http.server
import json
import threading
from typing import Any, Callable, Optional

Handler = Callable[[http.server.BaseHTTPRequestHandler], None]


class Counterpart:
    def __init__(self, answer: Handler):
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        test = self

        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                test.asked.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                answer(self)

            do_POST = do_PATCH = do_DELETE = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "Counterpart":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def send(to: http.server.BaseHTTPRequestHandler, status: int, body: Any, headers: Optional[dict[str, str]] = None) -> None:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    to.send_response(status)
    for name, value in {"Content-Length": str(len(sent)), **(headers or {})}.items():
        to.send_header(name, value)
    to.end_headers()
    to.wfile.write(sent)
