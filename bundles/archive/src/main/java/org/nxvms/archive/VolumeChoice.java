// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageTerms;

/**
 * Which volume takes a stream's footage: one that its terms name, if any of those can; otherwise the one it is on, as long
 * as that can; otherwise the least loaded for its weight. A stream leaves a volume that can for a better one only when
 * that has been well for a while, so that a disk that comes and goes is not tried again and again.
 *
 * <p>Load is the streams' bytes per second: those streams count that asked lately. Any thread, never blocks.
 */
final class VolumeChoice {
    /** Who did not ask for so long is not recorded any more. Recorders ask every 5 s. */
    private static final long FORGOTTEN_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** A move must leave both volumes better than this share of what the fuller one has now. */
    private static final double BETTER_BY = 0.8;

    /** Until measured: what cameras usually send. */
    private static final long MAIN_BYTES_PER_SECOND = 500_000;

    private static final long OTHER_BYTES_PER_SECOND = 60_000;

    private final Supplier<List<FootageVolume>> volumes;
    private final Map<StreamId, Place> places = new ConcurrentHashMap<>();
    /** The same for those who look all the time. */
    private volatile Place[] placed = new Place[0];

    private final AtomicInteger namings = new AtomicInteger();

    /** Where a stream is. */
    private static final class Place {
        final FootageVolume volume;
        /** The volumes its terms name. */
        final List<String> named;
        /** Whether the volume was retired already when it was chosen, since no other could. */
        final boolean inNeed;

        volatile long bytesPerSecond;
        volatile long askedNanos = System.nanoTime();

        Place(FootageVolume volume, List<String> named, boolean inNeed, long bytesPerSecond) {
            this.volume = volume;
            this.named = named;
            this.inNeed = inNeed;
            this.bytesPerSecond = bytesPerSecond;
        }
    }

    VolumeChoice(Supplier<List<FootageVolume>> volumes) {
        this.volumes = volumes;
    }

    /** As {@link org.nxvms.platform.api.archive.FootageSink#volumeFor}. */
    FootageVolume choose(StreamId stream, FootageTerms terms) throws RefusedException {
        Place before = places.get(stream);
        if (before != null && stays(before, terms)) {
            before.askedNanos = System.nanoTime();
            return before.volume;
        }
        FootageVolume chosen = chooseAnew(stream, terms, Optional.ofNullable(before));
        if (!terms.volumes().equals(before == null ? List.of() : before.named)) {
            namings.incrementAndGet();
        }
        long rate = before == null ? usualRate(stream) : before.bytesPerSecond;
        place(stream, new Place(chosen, terms.volumes(), chosen.volume().isRetired(), rate));
        return chosen;
    }

    /** {@return which volume takes footage of the past} It is none of a stream's load, and where the stream is stays so. */
    FootageVolume forPast(StreamId stream, FootageTerms terms) throws RefusedException {
        return chooseAnew(stream, terms, Optional.ofNullable(places.get(stream)));
    }

    private synchronized void place(StreamId stream, Place place) {
        places.put(stream, place);
        placed = places.values().toArray(Place[]::new);
    }

    private synchronized void forgetOld(long now) {
        if (places.values().removeIf(place -> now - place.askedNanos > FORGOTTEN_NANOS)) {
            placed = places.values().toArray(Place[]::new);
        }
    }

    /**
     * {@return whether the stream is where it would be sent anyhow} As nearly always: every stream asks every few seconds. What
     * is not seen at once is left to {@link #chooseAnew}. Allocates nothing.
     */
    private boolean stays(Place before, FootageTerms terms) {
        List<FootageVolume> all = volumes.get();
        FootageVolume present = before.volume;
        if (!all.contains(present)
                || !before.named.equals(terms.volumes())
                || present.refusal().isPresent()) {
            return false;
        }
        if (all.size() == 1) {
            return before.inNeed == present.volume().isRetired();
        }
        return !present.volume().isRetired()
                && (before.named.isEmpty()
                        ? isLoadedAsOthers(before, all)
                        : before.named.get(0).equals(present.name()));
    }

    /** {@return whether no volume that can is so much less loaded that the stream may go there} */
    private boolean isLoadedAsOthers(Place before, List<FootageVolume> all) {
        FootageVolume present = before.volume;
        double enough = BETTER_BY * loadWith(before, present);
        for (int i = 0; i < all.size(); i++) {
            FootageVolume other = all.get(i);
            boolean isBetter = other != present
                    && other.isForEverybody()
                    && !other.volume().isRetired()
                    && loadWith(before, other) < enough;
            if (isBetter && other.refusal().isEmpty()) {
                return false;
            }
        }
        return present.isForEverybody();
    }

    /** {@return bytes per second of all streams on a volume if this one is there too, for its weight} */
    private double loadWith(Place one, FootageVolume volume) {
        long now = System.nanoTime();
        double sum = one.bytesPerSecond;
        for (Place other : placed) {
            boolean counts = other != one && other.volume == volume && now - other.askedNanos <= FORGOTTEN_NANOS;
            sum += counts ? other.bytesPerSecond : 0;
        }
        return sum / volume.weight();
    }

    private FootageVolume chooseAnew(StreamId stream, FootageTerms terms, Optional<Place> before)
            throws RefusedException {
        List<FootageVolume> usable = new ArrayList<>();
        List<RefusedException> refusals = new ArrayList<>();
        for (FootageVolume volume : volumes.get()) {
            volume.refusal().ifPresentOrElse(refusals::add, () -> usable.add(volume));
        }
        leaveRetired(usable, before);
        Optional<FootageVolume> present = before.map(place -> place.volume).filter(usable::contains);
        return named(usable, terms, present)
                .or(() -> present.filter(volume -> !isBetterElsewhere(stream, volume, usable)))
                .or(() -> leastLoaded(stream, usable))
                .orElseThrow(() -> summary(refusals));
    }

    /**
     * Retired volumes are for need only. Who is on one when it is retired leaves at once; who came in need stays until
     * another has been well for a while, since each change costs a gap.
     */
    private static void leaveRetired(List<FootageVolume> usable, Optional<Place> before) {
        List<FootageVolume> others =
                usable.stream().filter(volume -> !volume.volume().isRetired()).toList();
        if (others.isEmpty()) {
            return;
        }
        Optional<FootageVolume> refuge = before.filter(place -> place.inNeed)
                .map(place -> place.volume)
                .filter(volume -> volume.volume().isRetired() && usable.contains(volume));
        if (refuge.isEmpty()) {
            usable.retainAll(others);
            return;
        }
        List<FootageVolume> steady =
                others.stream().filter(volume -> volume.fitness().isSteady()).toList();
        usable.retainAll(steady.isEmpty() ? List.of(refuge.get()) : steady);
    }

    /** The first of the named volumes that can; one that was ill must have been well before a stream comes back. */
    private static Optional<FootageVolume> named(
            List<FootageVolume> usable, FootageTerms terms, Optional<FootageVolume> present) {
        return terms.volumes().stream()
                .flatMap(name -> usable.stream().filter(volume -> volume.name().equals(name)))
                .filter(volume -> present.isEmpty()
                        || present.get() == volume
                        || volume.fitness().isSteady())
                .findFirst();
    }

    private boolean isBetterElsewhere(StreamId stream, FootageVolume present, List<FootageVolume> usable) {
        if (usable.size() == 1) {
            // The others are ill; no loads need to be summed up.
            return false;
        }
        if (!present.isForEverybody()) {
            return usable.stream()
                    .anyMatch(other -> other.isForEverybody() && other.fitness().isSteady());
        }
        double now = (load(present, stream) + rate(stream)) / present.weight();
        return leastLoaded(stream, usable)
                .filter(other -> other != present && other.fitness().isSteady())
                .filter(other -> (load(other, stream) + rate(stream)) / other.weight() < BETTER_BY * now)
                .isPresent();
    }

    private Optional<FootageVolume> leastLoaded(StreamId stream, List<FootageVolume> usable) {
        boolean any = usable.stream().anyMatch(FootageVolume::isForEverybody);
        return usable.stream()
                .filter(volume -> !any || volume.isForEverybody())
                .min(Comparator.comparingDouble(
                                (FootageVolume volume) -> (load(volume, stream) + rate(stream)) / volume.weight())
                        .thenComparing(volume -> volume.fitness().freeBytes(), Comparator.reverseOrder())
                        .thenComparing(FootageVolume::name));
    }

    /** {@return bytes per second of all streams on the volume but this one} */
    private double load(FootageVolume volume, StreamId but) {
        forgetOld(System.nanoTime());
        return places.entrySet().stream()
                .filter(entry ->
                        entry.getValue().volume == volume && !entry.getKey().equals(but))
                .mapToDouble(entry -> entry.getValue().bytesPerSecond)
                .sum();
    }

    private double rate(StreamId stream) {
        Place place = places.get(stream);
        return place == null ? usualRate(stream) : place.bytesPerSecond;
    }

    private static long usualRate(StreamId stream) {
        return stream.role() == StreamRole.MAIN ? MAIN_BYTES_PER_SECOND : OTHER_BYTES_PER_SECOND;
    }

    /** A chunk tells what its stream really sends. */
    void measured(StreamId stream, long bytes, long durationUs) {
        if (durationUs > 0) {
            long perSecond = Math.max(1, bytes * 1_000_000 / durationUs);
            places.computeIfPresent(stream, (id, place) -> {
                place.bytesPerSecond = perSecond;
                return place;
            });
        }
    }

    // ---- for footage that is there already

    /** {@return a number that changes with the volumes that streams name} */
    int namings() {
        return namings.get();
    }

    /** {@return whether any stream that is recorded names a volume} */
    boolean namesAny() {
        return places.values().stream().anyMatch(place -> !place.named.isEmpty());
    }

    /** {@return the volume that a stream names, if the footage lies on none of those and one of them can take it} */
    Optional<FootageVolume> home(StreamId stream, FootageVolume from) {
        List<String> named = Optional.ofNullable(places.get(stream))
                .map(place -> place.named)
                .orElse(List.of());
        if (named.contains(from.name()) && !from.volume().isRetired()) {
            return Optional.empty();
        }
        return named.stream()
                .flatMap(name ->
                        volumes.get().stream().filter(volume -> volume.name().equals(name)))
                .filter(volume -> isSound(volume, from))
                .findFirst();
    }

    /** {@return where footage goes that must leave its volume: where its stream is now, else where most is free} */
    Optional<FootageVolume> refuge(StreamId stream, FootageVolume from, Predicate<FootageVolume> hasRoom) {
        Optional<FootageVolume> now = Optional.ofNullable(places.get(stream)).map(place -> place.volume);
        return Stream.concat(
                        now.stream(),
                        volumes.get().stream()
                                .sorted(Comparator.comparing(FootageVolume::isForEverybody)
                                        .thenComparing(
                                                volume -> volume.fitness().freeBytes())
                                        .reversed()))
                .filter(volume -> isSound(volume, from))
                .filter(hasRoom)
                .findFirst();
    }

    private static boolean isSound(FootageVolume volume, FootageVolume from) {
        return volume != from
                && !volume.volume().isRetired()
                && volume.refusal().isEmpty();
    }

    private static RefusedException summary(List<RefusedException> refusals) {
        if (refusals.isEmpty()) {
            return new RefusedException(
                    GapCause.VOLUME_ABSENT, "no volume is configured; add etc/org.nxvms.storage.file~NAME.cfg");
        }
        GapCause cause = refusals.stream()
                .map(RefusedException::gapCause)
                .filter(one -> one == GapCause.DISK_FULL)
                .findFirst()
                .orElse(refusals.get(0).gapCause());
        return new RefusedException(
                cause,
                String.join("; ", refusals.stream().map(Exception::getMessage).toList()));
    }
}
