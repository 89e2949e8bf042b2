# SPDX-License-Identifier: Apache-2.0
"""Who is asking: an API key for ever, or the tokens of a login, renewed before they end. Used from any thread."""

from __future__ import annotations

import json
import threading
import time
from typing import Any, Callable, Mapping, Optional

from .errors import Unauthenticated
from .transport import Request, Transport

#: part of an access token's life after which it is renewed
RENEW_AFTER = 0.75


class Session:
    def __init__(self, transport: Transport, api_key: Optional[str], clock: Callable[[], float] = time.monotonic):
        self._transport = transport
        self._clock = clock
        self._lock = threading.Lock()
        self._access = api_key
        self._refresh: Optional[str] = None
        self._renew_at = float("inf")

    def login(self, username: str, password: str, totp: Optional[str]) -> Mapping[str, Any]:
        body = {"username": username, "password": password}
        if totp is not None:
            body["totp"] = totp
        with self._lock:
            return self._begin("/api/v1/auth/login", body)

    def logout(self) -> None:
        with self._lock:
            access, refresh = self._access, self._refresh
            self._access = self._refresh = None
        if refresh is not None:
            headers = {"Authorization": f"Bearer {access}"}
            request = Request("POST", "/api/v1/auth/logout", {"refreshToken": refresh}, headers=headers)
            self._transport.open(request).close()

    def token(self) -> Optional[str]:
        """The token to send, renewed when it is time."""
        with self._lock:
            if self._refresh is not None and self._clock() >= self._renew_at:
                self._renew()
            return self._access

    def renewed(self, refused: Optional[str]) -> bool:
        """Whether there is another token than the one that was just refused."""
        with self._lock:
            if self._refresh is None:
                return False
            if self._access == refused:
                try:
                    self._renew()
                except Unauthenticated:
                    return False
            return True

    def _renew(self) -> None:
        try:
            self._begin("/api/v1/auth/refresh", {"refreshToken": self._refresh})
        except Unauthenticated:
            self._access = self._refresh = None
            raise

    def _begin(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._transport.open(Request("POST", path, body)) as answer:
            tokens: dict[str, Any] = json.load(answer)
        self._access = tokens.pop("accessToken")
        self._refresh = tokens.pop("refreshToken")
        self._renew_at = self._clock() + tokens["expiresInSeconds"] * RENEW_AFTER
        return tokens
