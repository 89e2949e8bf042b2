# SPDX-License-Identifier: Apache-2.0
"""Server-sent events (WHATWG HTML, 9.2.6): parsing, and following them over broken connections."""

from __future__ import annotations

import http.client
import json
import random
import threading
from typing import Any, Callable, Iterable, Iterator, NamedTuple, Optional

from .errors import NXvmsError, ServerUnreachable, TooManyRequests, Unavailable

#: the server says something every 15 s
SILENCE_MAX_S = 45
RETRY_MAX_S = 30.0
#: a message is one event; what is longer is no server of ours
LINE_BYTES_MAX = 1_048_576


class EventsEnded(NXvmsError):
    """The server does not go on with the stream; ``reason`` is ``forbidden`` or ``unauthenticated``."""

    def __init__(self, reason: str, detail: str):
        self.reason = reason
        super().__init__(f"{reason}: {detail}")


class StreamMessage(NamedTuple):
    """``event``: data is an event as it began, changed or ended. ``reset``: older changes are gone, read the list again."""

    type: str
    data: Any
    #: where the stream stands; following goes on behind it
    position: str


class _Parser:
    """Lines in, messages out. Comments and positions without data only move the position."""

    def __init__(self, position: str):
        self.position = position
        self.retry_s = 2.0
        self._id = position
        self._type = ""
        self._data: list[str] = []

    def begin(self) -> None:
        """Another connection: what was half read is not gone on with."""
        self._id, self._type, self._data = self.position, "", []

    def take(self, line: str) -> Optional[StreamMessage]:
        if not line:
            message = None
            # Only a message that is complete moves the position: half of one comes again.
            self.position = self._id
            if self._data:
                message = StreamMessage(self._type or "message", json.loads("\n".join(self._data)), self.position)
            self._type, self._data = "", []
            return message
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._type = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isdecimal():
            self.retry_s = int(value) / 1000
        return None


def _lines(answer: http.client.HTTPResponse, said: Callable[[], object]) -> Iterator[str]:
    while True:
        line = answer.readline(LINE_BYTES_MAX)
        if not line.endswith(b"\n"):
            return
        said()
        yield line.rstrip(b"\r\n").decode("utf-8")


def follow(
    connect: Callable[[str], http.client.HTTPResponse],
    said: Callable[[], object],
    position: str,
    pause: Callable[[float], object] = threading.Event().wait,
) -> Iterator[StreamMessage]:
    """
    Messages from ``position`` on, without end.

    :param connect: opens the stream behind a position; what it raises ends the following, but for "not now" and,
        once it has been open, for a server that does not answer
    :param said: called with each line that comes, at least every 15 s
    """
    parser = _Parser(position)
    attempts = 0
    opened = False
    while True:
        wait = 0.0
        try:
            with connect(parser.position) as answer:
                opened = True
                for message in _messages(parser, _lines(answer, said)):
                    attempts = 0
                    yield message
        except (TooManyRequests, Unavailable) as later:
            wait = later.retry_after or 0.0
        except (ServerUnreachable, OSError, http.client.HTTPException):
            # A wrong address is told at once; only what has been there is waited for.
            if not opened:
                raise
        attempts += 1
        backoff = min(RETRY_MAX_S, parser.retry_s * 2 ** min(attempts - 1, 10))
        pause(max(wait, backoff * random.uniform(0.75, 1.25)))


def _messages(parser: _Parser, lines: Iterable[str]) -> Iterator[StreamMessage]:
    parser.begin()
    for line in lines:
        message = parser.take(line)
        if message is None:
            continue
        if message.type == "end":
            reason = message.data.get("reason", "")
            if reason == "forbidden":
                raise EventsEnded(reason, message.data.get("detail", ""))
            # The session may have ended or the server may be about to stop: coming again tells.
            return
        if message.type in ("event", "reset"):
            yield message
