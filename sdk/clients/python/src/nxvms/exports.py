# SPDX-License-Identifier: Apache-2.0
"""What is burned into the pictures of an export; they are encoded anew for that, and the package says so."""

from __future__ import annotations

from typing import Sequence, TypedDict


class Overlay(TypedDict, total=False):
    """Written into every picture: at least one of text, time and user."""

    text: str
    #: when each picture was taken
    time: bool
    #: who ordered the export
    user: bool
    #: of the time, as IANA names it; the server's when it is left out
    zone: str


class Mask(TypedDict):
    """A part of a camera's pictures that is filled with black."""

    cameraId: str
    #: 3 to 16 corners, x and y from 0 to 1 from the left and from the top
    points: Sequence[Sequence[float]]
