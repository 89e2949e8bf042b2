# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, as exceptions. A refusal of the server keeps all that the problem (RFC 9457) says."""

from __future__ import annotations

import json
from typing import Any, Mapping, Optional


class NXvmsError(Exception):
    """Anything this package raises by itself."""


class ServerUnreachable(NXvmsError):
    """No answer came, or it broke off: whether the request was carried out is not known."""


class Problem(NXvmsError):
    """The server refused. ``name`` is stable (``camera-unreachable``), ``detail`` says what to do."""

    def __init__(self, status: int, body: Mapping[str, Any], retry_after: Optional[float] = None):
        self.status = status
        self.name = str(body.get("type", "")).rpartition("/")[2]
        self.title = str(body.get("title", ""))
        self.detail = str(body.get("detail", ""))
        self.instance: Optional[str] = body.get("instance")
        #: the fields to blame, by name, and what is wrong with each
        self.errors = {str(e.get("field", "")): str(e.get("detail", "")) for e in body.get("errors") or ()}
        #: seconds to wait before the same is asked again, where the server says so
        self.retry_after = retry_after
        super().__init__(f"{status} {self.name or self.title}: {self.detail}")


class Unauthenticated(Problem):
    """401: no credentials, wrong ones, or the session has ended."""


class TotpRequired(Unauthenticated):
    """401 at a login: the user has a second factor; log in again with ``totp``."""


class Forbidden(Problem):
    """403: the right is missing, or something must be done first (``name`` says what)."""


class NotFound(Problem):
    """404: it is not there, or the caller may not know of it."""


class AlreadyThere(Problem):
    """409: a conflict with what is there."""


class Changed(Problem):
    """412: somebody changed it since it was read."""


class Invalid(Problem):
    """400 or 422: ``errors`` names the fields."""


class CameraProblem(Problem):
    """The camera, not the server, is the reason: ``camera-unreachable``, ``camera-auth``, ..."""


class TooManyRequests(Problem):
    """429; see ``retry_after``."""


class Unavailable(Problem):
    """503: not now; see ``retry_after``."""


_BY_STATUS = {
    400: Invalid,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: AlreadyThere,
    412: Changed,
    422: Invalid,
    429: TooManyRequests,
    503: Unavailable,
}


def problem_of(status: int, headers: Mapping[str, str], body: bytes) -> Problem:
    """The exception for an answer of 400 and above, whoever gave it: a proxy's page of HTML is one too."""
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        document = {"title": body[:200].decode("utf-8", "replace"), "detail": "The answer is no problem document."}
    wait = headers.get("Retry-After") or ""
    name = str(document.get("type", "")).rpartition("/")[2]
    kind = _BY_STATUS.get(status, Problem)
    if name == "totp-required":
        kind = TotpRequired
    elif name.startswith("camera-"):
        kind = CameraProblem
    return kind(status, document, float(wait) if wait.isdecimal() else None)
