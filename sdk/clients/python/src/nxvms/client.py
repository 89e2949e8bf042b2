# SPDX-License-Identifier: Apache-2.0
"""The client. Start reading at :class:`Client`."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import json
import os
import pathlib
import ssl
import time
import uuid
from typing import Any, Callable, Iterator, Mapping, Optional, Sequence, Union
from urllib.parse import quote

from .errors import NXvmsError, ServerUnreachable, Unauthenticated
from .events import SILENCE_MAX_S, EventsEnded, StreamMessage, follow
from .exports import Mask, Overlay
from .footage import Download, Piece, Progress, piece_of, save_package
from .session import Session
from .transport import Request, Transport

#: an object of JSON, as docs/design/rest.md and the server's OpenAPI document describe it
Json = dict[str, Any]
#: a moment: a datetime with its zone, milliseconds since 1970, or text as of RFC 3339
Moment = Union[datetime.datetime, int, str]

#: seconds between two questions how far an export is
EXPORT_ASKED_S = 0.5


class Client:
    """
    One server, as one user. May be used from several threads.

    :param url: such as ``https://nvr.example:8443``
    :param api_key: instead of :meth:`login`
    :param timeout: seconds of silence after which a request is given up
    :param context: for a server with a certificate of its own: ``ssl.create_default_context(cafile=...)``
    """

    def __init__(
        self,
        url: str,
        api_key: Optional[str] = None,
        timeout: float = 30,
        context: Optional[ssl.SSLContext] = None,
    ):
        self._transport = Transport(url, timeout, context)
        self._session = Session(self._transport, api_key)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.logout()

    # ---- who is asking -------------------------------------------------------------------------------------------

    def login(self, username: str, password: str, totp: Optional[str] = None) -> Mapping[str, Any]:
        """
        Begins a session; it is renewed by itself as long as the client is used.

        :param totp: a one-time or recovery code, where :class:`TotpRequired` asks for it
        :return: the user, and whether the password must be changed first
        """
        return self._session.login(username, password, totp)

    def logout(self) -> None:
        """Ends the session, if there is one. An API key stays as it is."""
        self._session.logout()

    def me(self) -> Json:
        return self.get("/api/v1/auth/me")

    # ---- any operation of the OpenAPI document ------------------------------------------------------------------------

    def get(self, path: str, /, **query: Any) -> Any:
        return self._json(Request("GET", path, query=query))

    def post(self, path: str, body: Any = None, idempotency_key: Optional[str] = None, /, **query: Any) -> Any:
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._json(Request("POST", path, body, query, headers))

    def patch(self, path: str, changes: Json, version: Optional[int] = None) -> Any:
        """:param version: the one that was read: :class:`Changed` when there is a newer one meanwhile"""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return self._json(Request("PATCH", path, changes, headers=headers))

    def delete(self, path: str, /, **query: Any) -> Any:
        return self._json(Request("DELETE", path, query=query))

    def items(self, path: str, /, **query: Any) -> Iterator[Json]:
        """All items of a list, page by page as they are asked for."""
        cursor = None
        while True:
            page = self.get(path, **{**query, "cursor": cursor})
            yield from page["items"]
            cursor = page.get("nextCursor")
            if cursor is None:
                return

    # ---- cameras ------------------------------------------------------------------------------------------------------

    def cameras(self, filter: Optional[str] = None) -> Iterator[Json]:
        return self.items("/api/v1/cameras", filter=filter)

    def camera(self, camera: str) -> Json:
        return self.get(f"/api/v1/cameras/{quote(camera, '')}")

    def add_camera(self, draft: Json, idempotency_key: Optional[str] = None) -> Json:
        return self._create("/api/v1/cameras", draft, idempotency_key)

    def change_camera(self, camera: str, changes: Json, version: Optional[int] = None) -> Json:
        return self.patch(f"/api/v1/cameras/{quote(camera, '')}", changes, version)

    def remove_camera(self, camera: str) -> None:
        self.delete(f"/api/v1/cameras/{quote(camera, '')}")

    def snapshot(self, camera: str, stream: str = "main", width: Optional[int] = None) -> bytes:
        """The newest key frame as JPEG."""
        path = f"/api/v1/cameras/{quote(camera, '')}/snapshot"
        with self._open(Request("GET", path, query={"stream": stream, "width": width})) as answer:
            return answer.read()

    # ---- events -------------------------------------------------------------------------------------------------------

    def events(self, **query: Any) -> Iterator[Json]:
        """What happened, newest first: ``from_``, ``to``, ``kinds``, ``cameras``, ``severity``, ``limit`` of a page."""
        return self.items("/api/v1/events", **{name.rstrip("_"): value for name, value in query.items()})

    def raise_event(self, event: Json, idempotency_key: Optional[str] = None) -> Json:
        return self._create("/api/v1/events", event, idempotency_key)

    def follow_events(
        self,
        kinds: Optional[Sequence[str]] = None,
        cameras: Optional[Sequence[str]] = None,
        severity: Optional[str] = None,
        position: str = "",
    ) -> Iterator[StreamMessage]:
        """
        Events as they happen, without end and over broken connections; blocks while there are none.

        :param position: that of the last message, to go on behind it; empty: from now on
        """
        query = {"kinds": kinds, "cameras": cameras, "severity": severity}

        def connect(last: str) -> http.client.HTTPResponse:
            headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
            with _ending():
                return self._open(Request("GET", "/api/v1/events/stream", None, query, headers), SILENCE_MAX_S)

        def said() -> None:
            # The stream lives as long as its session, which nobody else may be renewing.
            with _ending():
                self._session.token()

        return follow(connect, said, position)

    # ---- footage ------------------------------------------------------------------------------------------------------

    def segments(self, camera: str, start: Moment, end: Moment, stream: str = "main") -> Iterator[Json]:
        path = f"/api/v1/archive/{quote(camera, '')}/segments"
        return self.items(path, **{"from": start, "to": end, "stream": stream})

    def download(
        self,
        camera: str,
        start: Moment,
        end: Moment,
        folder: Union[str, "os.PathLike[str]"],
        stream: str = "main",
        progress: Optional[Callable[[Progress], object]] = None,
    ) -> list[pathlib.Path]:
        """
        Writes what is recorded of a range as MP4 files, one a segment, beginning with the key frame before ``start``.
        A connection that breaks off is gone on with. An unfinished file is called ``.part``.
        """
        from_ms, to_ms = _millis(start), _millis(end)
        pieces: list[Piece] = []
        for segment in self.segments(camera, from_ms, to_ms, stream):
            piece = piece_of(self.get(f"/api/v1/archive/segments/{segment['id']}/index"), from_ms, to_ms)
            if piece is not None:
                pieces.append(piece)

        return Download(self._open_media, pieces, progress).into(pathlib.Path(folder), f"{camera}-{stream}")

    def export(
        self,
        cameras: Sequence[str],
        start: Moment,
        end: Moment,
        file: Union[str, "os.PathLike[str]"],
        stream: str = "main",
        form: str = "mp4",
        reason: str = "",
        progress: Optional[Callable[[Progress], object]] = None,
        idempotency_key: Optional[str] = None,
        cut: Optional[str] = None,
        overlay: Optional[Overlay] = None,
        masks: Optional[Sequence[Mask]] = None,
    ) -> pathlib.Path:
        """
        Has a package of footage made that proves what it is, waits for it and writes it as a ZIP.

        :param form: ``mp4``, ``mkv``, or ``chunks`` for the archive's own files
        :param cut: ``key_frame``, as when it is left out: from the key frame at or before the beginning on, all copied;
            ``exact``: the pictures of the range and no others
        :param overlay: text, time and user, to be written into every picture
        :param masks: parts of pictures to be filled with black
        :raises NXvmsError: saying why the package could not be made
        """
        draft = {"cameraIds": list(cameras), "from": str(_millis(start)), "to": str(_millis(end)), "stream": stream}
        wishes = {"cut": cut, "overlay": overlay, "masks": masks and list(masks)}
        asked = {name: wish for name, wish in wishes.items() if wish}
        job = self._create("/api/v1/exports", {**draft, "form": form, "reason": reason, **asked}, idempotency_key)
        while job["state"] in ("waiting", "running"):
            time.sleep(EXPORT_ASKED_S)
            job = self.get(f"/api/v1/exports/{job['id']}")
        if job["state"] != "done":
            raise NXvmsError(f"export {job['id']} is {job['state']}: {job.get('detail', '')}")
        path = pathlib.Path(file)
        save_package(self._open_media, job, path, progress)
        return path

    # ---- how ----------------------------------------------------------------------------------------------------------

    def _open_media(self, path: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        return self._open(Request("GET", path, headers=headers))

    def _create(self, path: str, body: Json, key: Optional[str]) -> Any:
        """Asked a second time when no answer came: by its key the server knows that it is the same."""
        key = key or str(uuid.uuid4())
        try:
            return self.post(path, body, key)
        except ServerUnreachable:
            return self.post(path, body, key)

    def _json(self, request: Request) -> Any:
        with self._open(request) as answer:
            try:
                body = answer.read()
            except (OSError, http.client.HTTPException) as broken:
                raise ServerUnreachable(f"{request.method} {request.path}: {broken}") from broken
        return json.loads(body) if body else None

    def _open(self, request: Request, timeout: Optional[float] = None) -> http.client.HTTPResponse:
        token = self._session.token()
        try:
            return self._transport.open(_signed(request, token), timeout)
        except Unauthenticated:
            if not self._session.renewed(token):
                raise
        return self._transport.open(_signed(request, self._session.token()), timeout)


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    try:
        yield
    except Unauthenticated as ended:
        raise EventsEnded(ended.name, ended.detail) from ended


def _signed(request: Request, token: Optional[str]) -> Request:
    if token is None:
        return request
    return request._replace(headers={**request.headers, "Authorization": f"Bearer {token}"})


def _millis(moment: Moment) -> int:
    if isinstance(moment, str):
        moment = datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))
    if isinstance(moment, datetime.datetime):
        if moment.tzinfo is None:
            raise ValueError(f"{moment!r} has no time zone: make it with datetime.now(timezone.utc)")
        return round(moment.timestamp() * 1000)
    return moment
