# SPDX-License-Identifier: Apache-2.0
"""Client of the NXvms video management server. Begin with :class:`Client`; only the standard library is needed."""

from .client import Client, Json
from .errors import (
    AlreadyThere,
    CameraProblem,
    Changed,
    Forbidden,
    Invalid,
    NotFound,
    NXvmsError,
    Problem,
    ServerUnreachable,
    TooManyRequests,
    TotpRequired,
    Unauthenticated,
    Unavailable,
)
from .events import EventsEnded, StreamMessage
from .exports import Mask, Overlay
from .footage import Progress

__all__ = [
    "AlreadyThere",
    "CameraProblem",
    "Changed",
    "Client",
    "EventsEnded",
    "Forbidden",
    "Invalid",
    "Json",
    "Mask",
    "NXvmsError",
    "NotFound",
    "Overlay",
    "Problem",
    "Progress",
    "ServerUnreachable",
    "StreamMessage",
    "TooManyRequests",
    "TotpRequired",
    "Unauthenticated",
    "Unavailable",
]
__version__ = "0.1.0"
