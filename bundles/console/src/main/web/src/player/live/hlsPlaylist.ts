// SPDX-License-Identifier: Apache-2.0

/** Something to fetch, in order: a part, or a whole segment where it is old enough to have no parts listed. */
export interface HlsPiece {
  uri: string;
  /** Initialisation segment that it needs. */
  map: string;
  /** Number of its segment, and of the part in it; a whole segment is part -1. */
  segment: number;
  part: number;
  /** Whether a player can begin here. */
  independent: boolean;
}

export interface HlsPlaylist {
  pieces: HlsPiece[];
  /** What a request that waits names: the part that comes next. */
  next: { segment: number; part: number };
  targetSeconds: number;
}

/** Reads a media playlist of ours (RFC 8216bis 4.4). Segments that have parts are taken by their parts. */
export function parsePlaylist(text: string): HlsPlaylist {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== '#EXTM3U') {
    throw new Error('not a playlist');
  }
  const pieces: HlsPiece[] = [];
  let segment = 0;
  let part = 0;
  let map = '';
  let targetSeconds = 0;
  for (const line of lines) {
    const value = line.slice(line.indexOf(':') + 1);
    if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) {
      segment = Number(value);
    } else if (line.startsWith('#EXT-X-TARGETDURATION:')) {
      targetSeconds = Number(value);
    } else if (line.startsWith('#EXT-X-MAP:')) {
      map = attribute(value, 'URI');
    } else if (line.startsWith('#EXT-X-PART:')) {
      const independent = /(^|,)INDEPENDENT=YES/.test(value);
      pieces.push({ uri: attribute(value, 'URI'), map, segment, part, independent });
      part++;
    } else if (line !== '' && !line.startsWith('#')) {
      if (part === 0) {
        pieces.push({ uri: line, map, segment, part: -1, independent: true });
      }
      segment++;
      part = 0;
    }
  }
  return { pieces, next: { segment, part }, targetSeconds };
}

function attribute(value: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(value)?.[1] ?? '';
}

/** What to fetch next: behind what was fetched, or from the newest place where one can begin. */
export function piecesAfter(pieces: readonly HlsPiece[], last: HlsPiece | undefined): HlsPiece[] {
  const isLater = (piece: HlsPiece) =>
    !last ||
    piece.segment > last.segment ||
    (piece.segment === last.segment && piece.part > last.part && last.part >= 0);
  const later = pieces.filter(isLater);
  const first = later[0];
  const goesOn =
    last &&
    first &&
    (first.segment === last.segment || (first.segment === last.segment + 1 && first.part <= 0));
  if (goesOn) {
    return later;
  }
  const from = later.findLastIndex((piece) => piece.independent);
  return from < 0 ? [] : later.slice(from);
}
