// SPDX-License-Identifier: Apache-2.0

/** A picture with its capture time (UTC ms) and its place in media time (s). */
export interface MappedPicture {
  utcMs: number;
  mediaS: number;
  durationS: number;
}

interface Piece {
  startS: number;
  endS: number;
  /** Capture time of the picture that `startS` belongs to. */
  startMs: number;
  pictures: { pts: number; duration: number }[];
}

const PIECES_MAX = 2000;

/**
 * Which picture is where: pieces of media time, one a fragment, each tied to the wall clock by the archive's index.
 * Wall time and media time may drift apart by some milliseconds within a run; the index is what counts.
 */
export class PictureMap {
  private pieces: Piece[] = [];

  /**
   * @param pictures in order of presentation, in media seconds
   * @param anchorS media time of what was captured at `anchorMs`: a picture, or sound before them
   */
  add(pictures: { pts: number; duration: number }[], anchorS: number, anchorMs: number): void {
    const first = pictures[0];
    const last = pictures[pictures.length - 1];
    if (!first || !last) {
      return;
    }
    const piece: Piece = {
      startS: first.pts,
      endS: last.pts + last.duration,
      startMs: anchorMs - (anchorS - first.pts) * 1000,
      pictures,
    };
    this.pieces = this.pieces.filter((other) => Math.abs(other.startS - piece.startS) > 1e-4);
    this.pieces.push(piece);
    this.pieces.sort((a, b) => a.startS - b.startS);
    if (this.pieces.length > PIECES_MAX) {
      this.pieces.shift();
    }
  }

  clear(): void {
    this.pieces = [];
  }

  /** Capture time of a place in media time; undefined where nothing was loaded. */
  utcOf(mediaS: number): number | undefined {
    const piece = this.pieceAtMedia(mediaS);
    return piece && piece.startMs + (mediaS - piece.startS) * 1000;
  }

  /** The picture on the screen at a place in media time. */
  pictureAtMedia(mediaS: number): MappedPicture | undefined {
    const piece = this.pieceAtMedia(mediaS);
    // Presented times are rounded to a microsecond, so look a little further.
    const picture = piece && lastAtOrBefore(piece.pictures, mediaS + 1e-5);
    return piece && picture && map(piece, picture);
  }

  /** The last picture captured at or before the moment, if its piece is loaded and the moment falls into it. */
  pictureAt(utcMs: number): MappedPicture | undefined {
    for (let i = this.pieces.length - 1; i >= 0; i--) {
      const piece = this.pieces[i];
      if (piece && piece.startMs <= utcMs + 1e-3) {
        const mediaS = piece.startS + (utcMs - piece.startMs) / 1000;
        const picture = lastAtOrBefore(piece.pictures, mediaS + 1e-6);
        const nextStart = this.pieces[i + 1];
        const joined = nextStart !== undefined && nextStart.startS - piece.endS < 0.5;
        const inside = utcMs < piece.startMs + (piece.endS - piece.startS) * 1000 || joined;
        return picture && inside ? map(piece, picture) : undefined;
      }
    }
    return undefined;
  }

  /** The last loaded picture at or before the moment, however long ago. */
  lastBefore(utcMs: number): MappedPicture | undefined {
    for (let i = this.pieces.length - 1; i >= 0; i--) {
      const piece = this.pieces[i];
      if (piece && piece.startMs <= utcMs + 1e-3) {
        const mediaS = piece.startS + (utcMs - piece.startMs) / 1000;
        const picture = lastAtOrBefore(piece.pictures, mediaS + 1e-6);
        return picture && map(piece, picture);
      }
    }
    return undefined;
  }

  /** Whole pictures forward or back; undefined beyond what is loaded without a hole. */
  neighbour(mediaS: number, steps: number): MappedPicture | undefined {
    let at = this.pieces.findIndex((piece) => mediaS >= piece.startS - 1e-4 && mediaS < piece.endS);
    const piece = this.pieces[at];
    if (!piece) {
      return undefined;
    }
    const picture = lastAtOrBefore(piece.pictures, mediaS + 1e-5);
    let index = picture ? piece.pictures.indexOf(picture) + steps : -1;
    let current = piece;
    while (index < 0 || index >= current.pictures.length) {
      const forward = index >= 0;
      const other = this.pieces[at + (forward ? 1 : -1)];
      if (!other || (forward ? other.startS - current.endS : current.startS - other.endS) > 0.5) {
        return undefined;
      }
      index = forward ? index - current.pictures.length : index + other.pictures.length;
      at += forward ? 1 : -1;
      current = other;
    }
    const found = current.pictures[index];
    return found && map(current, found);
  }

  private pieceAtMedia(mediaS: number): Piece | undefined {
    for (let i = this.pieces.length - 1; i >= 0; i--) {
      const piece = this.pieces[i];
      if (piece && mediaS >= piece.startS - 1e-4) {
        return piece;
      }
    }
    return undefined;
  }
}

function map(piece: Piece, picture: { pts: number; duration: number }): MappedPicture {
  return {
    utcMs: piece.startMs + (picture.pts - piece.startS) * 1000,
    mediaS: picture.pts,
    durationS: picture.duration,
  };
}

function lastAtOrBefore<T extends { pts: number }>(pictures: T[], pts: number): T | undefined {
  let low = 0;
  let high = pictures.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pictures[middle] as T).pts <= pts) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return pictures[low - 1];
}
