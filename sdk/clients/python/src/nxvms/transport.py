# SPDX-License-Identifier: Apache-2.0
"""Requests over HTTP. Does not: know of sessions, or repeat anything."""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Mapping, NamedTuple, Optional

from .errors import NXvmsError, ServerUnreachable, problem_of

#: longer than any refusal, so that an answer that never ends does not fill memory
REFUSAL_BYTES_MAX = 65_536


class Request(NamedTuple):
    method: str
    path: str
    body: Any = None
    query: Mapping[str, Any] = {}
    headers: Mapping[str, str] = {}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The server sends none: one that comes would carry the credentials elsewhere."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        return None


class Transport:
    def __init__(self, url: str, timeout: float, context: Optional[ssl.SSLContext]):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise NXvmsError(f'"{url}" is no address of a server: expected such as https://nvr.example:8443')
        self._base = url.rstrip("/")
        self._timeout = timeout
        handlers: list[Any] = [_NoRedirects()]
        if context is not None:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def open(self, request: Request, timeout: Optional[float] = None) -> http.client.HTTPResponse:
        """The answer, its body unread. Raises the problem for 400 and above."""
        try:
            return self._opener.open(self._made(request), timeout=timeout or self._timeout)
        except urllib.error.HTTPError as refused:
            with refused:
                body = refused.read(REFUSAL_BYTES_MAX)
            raise problem_of(refused.code, refused.headers, body) from None
        except (OSError, http.client.HTTPException) as broken:
            raise ServerUnreachable(f"{request.method} {self._base}{request.path}: {broken}") from broken

    def _made(self, request: Request) -> urllib.request.Request:
        query = {name: _word(value) for name, value in request.query.items() if value is not None}
        url = self._base + request.path + ("?" + urllib.parse.urlencode(query) if query else "")
        made = urllib.request.Request(url, method=request.method)
        made.add_header("Accept", "application/json, application/problem+json, */*")
        if isinstance(request.body, bytes):
            made.data = request.body
            made.add_header("Content-Type", "application/octet-stream")
        elif request.body is not None:
            made.data = json.dumps(request.body).encode()
            made.add_header("Content-Type", "application/json")
        for name, value in request.headers.items():
            made.add_header(name, value)
        return made


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if hasattr(value, "timestamp"):
        if value.tzinfo is None:
            raise NXvmsError(f"{value!r} has no time zone: make it with datetime.now(timezone.utc)")
        return str(round(value.timestamp() * 1000))
    if isinstance(value, (list, tuple)):
        return ",".join(_word(one) for one in value)
    return str(value)
