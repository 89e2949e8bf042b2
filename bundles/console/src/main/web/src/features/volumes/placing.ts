// SPDX-License-Identifier: Apache-2.0
// Which volume takes which stream, as the server's `VolumeChoice` has it: a stream lies on one volume, never on parts of
// several, and leaves it for another only where that is clearly better.

/** What a stream adds. */
export interface Stream {
  bytesPerDay: number;
  /** What it sends while it is recorded: by this the server weighs it. */
  bytesPerSecond: number;
}

/** A volume that streams may lie on. */
export interface Home {
  name: string;
  bytes: number;
  /** Its share beside others; 0: only of cameras that name it, unless no volume is for everybody. */
  weight: number;
  /** Not there yet: streams begin on the others. */
  isNew?: boolean;
}

/** As the server has it: a move must leave both volumes better than this share of what the fuller one has now. */
const BETTER_BY = 0.8;
/** Each move evens the loads out, so few rounds are enough; it shall end in any case. */
const ROUNDS_MAX = 100;

/**
 * Where streams lie that name no volume.
 *
 * @param load what is sent to each volume already, by those who name it, in bytes a second
 * @returns the volume of each; none where there is no volume
 */
export function placesOf<S extends Stream, H extends Home>(
  streams: readonly S[],
  homes: readonly H[],
  load: Map<string, number>,
): Map<S, H> {
  const sent = new Map(homes.map(({ name }) => [name, load.get(name) ?? 0]));
  const loadOf = (home: H, more: number) => ((sent.get(home.name) ?? 0) + more) / Math.max(1, home.weight);
  const places = new Map<S, H>();
  const put = (stream: S, home: H) => {
    const before = places.get(stream);
    if (before) {
      sent.set(before.name, (sent.get(before.name) ?? 0) - stream.bytesPerSecond);
    }
    sent.set(home.name, (sent.get(home.name) ?? 0) + stream.bytesPerSecond);
    places.set(stream, home);
  };
  /** The least loaded if the stream comes to it, or stays on it. */
  const best = (stream: S, among: readonly H[]): H | undefined => {
    const loads = among.map((home): [H, number] => [
      home,
      loadOf(home, places.get(stream) === home ? 0 : stream.bytesPerSecond),
    ]);
    return loads.sort(([a, x], [b, y]) => x - y || b.bytes - a.bytes || (a.name < b.name ? -1 : 1))[0]?.[0];
  };
  const ordered = streams.toSorted((a, b) => b.bytesPerSecond - a.bytesPerSecond);
  const old = homes.filter(({ isNew }) => !isNew);
  const first = forEverybody(old.length > 0 ? old : homes);
  for (const stream of ordered) {
    const home = best(stream, first);
    if (home) {
      put(stream, home);
    }
  }
  const all = forEverybody(homes);
  const leaves = (stream: S): boolean => {
    const present = places.get(stream);
    const other = best(stream, all);
    if (!present || !other || other === present) {
      return false;
    }
    const isBetter = loadOf(other, stream.bytesPerSecond) < BETTER_BY * loadOf(present, 0);
    if (isBetter || !all.includes(present)) {
      put(stream, other);
      return true;
    }
    return false;
  };
  for (let round = 0; round < ROUNDS_MAX; round++) {
    // Each of them is asked, as each asks the server.
    if (!ordered.map(leaves).includes(true)) {
      break;
    }
  }
  return places;
}

/** Volumes for those who name them are for everybody where there is no other. */
function forEverybody<H extends Home>(homes: readonly H[]): readonly H[] {
  const some = homes.filter(({ weight }) => weight > 0);
  return some.length > 0 ? some : homes;
}
