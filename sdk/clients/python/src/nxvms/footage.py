# SPDX-License-Identifier: Apache-2.0
"""Recorded footage into files: whole fragments of the range, one MP4 file a segment, gone on with where it broke off."""

from __future__ import annotations

import http.client
import os
import pathlib
from typing import Any, Callable, NamedTuple, Optional

from .errors import NXvmsError, ServerUnreachable

#: connections in a row that bring nothing
ATTEMPTS_MAX = 5
PIECE_BYTES = 262_144


class Progress(NamedTuple):
    done_bytes: int
    total_bytes: int
    #: the file that is being written
    file: pathlib.Path


class Piece(NamedTuple):
    """Neighbouring fragments of one segment."""

    segment: str
    init: str
    start_ms: int
    offset: int
    length: int


Opener = Callable[[str, dict[str, str]], http.client.HTTPResponse]


def piece_of(index: dict[str, Any], from_ms: int, to_ms: int) -> Optional[Piece]:
    """What of a segment is in the range, from the key frame before its beginning on."""
    chosen: list[dict[str, Any]] = []
    for fragment in index["fragments"]:
        if fragment["startMs"] >= to_ms:
            break
        if fragment["key"] and fragment["startMs"] <= from_ms:
            chosen = []
        chosen.append(fragment)
    if not chosen or chosen[-1]["startMs"] + chosen[-1]["durationMs"] <= from_ms:
        return None
    end = chosen[-1]["offset"] + chosen[-1]["length"]
    return Piece(index["segmentId"], index["initId"], chosen[0]["startMs"], chosen[0]["offset"], end - chosen[0]["offset"])


class Download:
    def __init__(self, open_media: Opener, pieces: list[Piece], progress: Optional[Callable[[Progress], object]]):
        self._open = open_media
        self._pieces = pieces
        self._progress = progress or (lambda _: None)
        self._total = sum(piece.length for piece in pieces)
        self._done = 0

    def into(self, folder: pathlib.Path, name: str) -> list[pathlib.Path]:
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for piece in self._pieces:
            file = folder / f"{name}-{piece.start_ms}.mp4"
            part = file.with_suffix(".part")
            with open(part, "wb") as out:
                out.write(self._head(piece))
                self._body(piece, file, out)
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
            files.append(file)
        return files

    def _head(self, piece: Piece) -> bytes:
        with self._open(f"/media/v1/init/{piece.init}", {}) as answer:
            return answer.read()

    def _body(self, piece: Piece, file: pathlib.Path, out: Any) -> None:
        def got(count: int) -> None:
            self._done += count
            self._progress(Progress(self._done, self._total, file))

        path = f"/media/v1/segments/{piece.segment}"
        fetch(self._open, path, piece.offset, piece.length, out, got)


def fetch(open_media: Opener, path: str, offset: int, length: int, out: Any, got: Callable[[int], object]) -> None:
    """Writes a part of what lies at a path; goes on where a connection breaks off."""
    written = 0
    failures = 0
    while written < length:
        before = written
        reason: object = "the connection ended early"
        wanted = {"Range": f"bytes={offset + written}-{offset + length - 1}"}
        try:
            with open_media(path, wanted) as answer:
                if answer.status != 206:
                    raise NXvmsError(f"expected a part of {path}, got status {answer.status}")
                while bytes_ := answer.read1(PIECE_BYTES):
                    out.write(bytes_)
                    written += len(bytes_)
                    got(len(bytes_))
        except (ServerUnreachable, OSError, http.client.HTTPException) as broken:
            reason = broken
        failures = 0 if written > before else failures + 1
        if failures == ATTEMPTS_MAX:
            raise ServerUnreachable(f"{path} breaks off at {written} of {length}: {reason}")


def save_package(open_media: Opener, job: dict[str, Any], file: pathlib.Path, progress: Optional[Callable[[Progress], object]]) -> None:
    """Writes the package of an export that is done; unfinished it is called ``.part``."""
    total = job["bytesDone"]
    done = 0

    def got(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(Progress(done, total, file))

    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    with open(part, "wb") as out:
        fetch(open_media, job["url"], 0, total, out, got)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
