// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.EarlyRemoval;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;

/**
 * Footage that goes before its time, since its volume has no room: what of it is to be told, once an hour for each volume,
 * and whether it goes on. Written by each volume's cleaner, read by any thread.
 */
final class EarlyRemovals {
    /** It goes on as long as something went within that time, and so often it is told. */
    static final long TOLD_NANOS = TimeUnit.HOURS.toNanos(1);

    /** Cameras of one volume that are told apart: more than a server records. */
    private static final int CAMERAS_MAX = 4_096;

    private static final Comparator<OfCamera> LEAST_REACH =
            Comparator.comparingLong(OfCamera::toUs).reversed().thenComparing(OfCamera::cameraId);

    /** Knows cameras and tells people; asked without a lock. */
    interface Teller {
        /** The volume's cleaner. {@return false when nobody is there to be told; then it is told later} */
        boolean tell(Early early);

        /** {@return how long its footage is to be kept as it is set now; empty when that is not known} */
        OptionalInt retentionDaysMax(UUID cameraId);

        /** {@return what people call it, or its id} */
        String name(UUID cameraId);
    }

    /** Nobody is there. */
    private static final Teller NOBODY = new Teller() {
        @Override
        public boolean tell(Early early) {
            return false;
        }

        @Override
        public OptionalInt retentionDaysMax(UUID cameraId) {
            return OptionalInt.empty();
        }

        @Override
        public String name(UUID cameraId) {
            return cameraId.toString();
        }
    };

    /**
     * Why there was no room.
     *
     * @param isQuota whether the volume's quota is reached; else it has less free than its reserve and some room
     * @param bytes the quota, or what is to be free
     */
    record Shortage(boolean isQuota, long bytes) {}

    /**
     * What went of one camera.
     *
     * @param toUs the end of what went: there is nothing older on the volume, but for what is locked
     * @param retentionDaysMax how long it was to be kept
     */
    record OfCamera(UUID cameraId, long fromUs, long toUs, int retentionDaysMax) {
        private OfCamera and(OfCamera other) {
            return new OfCamera(
                    cameraId,
                    Math.min(fromUs, other.fromUs),
                    Math.max(toUs, other.toUs),
                    toUs >= other.toUs ? retentionDaysMax : other.retentionDaysMax);
        }

        /** {@return whole days back to which there is footage} */
        long reachDays(long nowUs) {
            return Math.max(0, TimeUnit.MICROSECONDS.toDays(nowUs - toUs));
        }
    }

    /**
     * What went of one volume.
     *
     * @param cameras at least one, those that reach back least first
     */
    record Early(
            UUID volumeId, String volume, Shortage why, long segments, long bytes, long nowUs, List<OfCamera> cameras) {
        long fromUs() {
            return cameras.stream().mapToLong(OfCamera::fromUs).min().orElseThrow();
        }

        long toUs() {
            return cameras.get(0).toUs();
        }
    }

    private record Recent(OfCamera camera, long atNanos) {}

    /** Of one volume; guarded by itself. */
    private static final class Tally {
        private final Map<UUID, OfCamera> untold = new HashMap<>();
        private final Map<UUID, Recent> recent = new HashMap<>();
        private String volume = "";
        private Shortage why = new Shortage(false, 0);
        private long untoldSegments;
        private long untoldBytes;
        private Optional<Long> toldNanos = Optional.empty();
        private long allSegments;
        private long allBytes;
    }

    private final Map<UUID, Tally> tallies = new ConcurrentHashMap<>();
    private final Map<UUID, Shortage> shortages = new ConcurrentHashMap<>();
    private final RetentionClock clock;
    private final LongSupplier nanoTime;
    private volatile Teller teller = NOBODY;

    EarlyRemovals(RetentionClock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    void teller(Teller now) {
        teller = now;
    }

    /** The same one goes. */
    void forget(Teller before) {
        teller = teller == before ? NOBODY : teller;
    }

    Teller teller() {
        return teller;
    }

    /** Copies live by the days of their volume, where it has some; who lowered a camera's days expects no more. */
    private int days(Volume volume, StoredSegment row) {
        int ofVolume = volume.retentionDaysMax().orElse(Integer.MAX_VALUE);
        boolean isKeptByVolume = volume.isBackup() && volume.retentionDaysMax().isPresent();
        int ofCamera =
                teller.retentionDaysMax(row.segment().stream().cameraId()).orElse(Integer.MAX_VALUE);
        return isKeptByVolume ? ofVolume : Math.min(ofVolume, Math.min(ofCamera, row.retentionDaysMax()));
    }

    /** Room is about to be made on a volume. */
    void because(UUID volumeId, Shortage why) {
        shortages.put(volumeId, why);
    }

    /** Footage was removed and is nowhere else; what had its time is passed over. */
    void removed(Volume volume, StoredSegment row) {
        Segment segment = row.segment();
        int days = days(volume, row);
        if (clock.nowUs() >= segment.endUs() + TimeUnit.DAYS.toMicros(days)) {
            return;
        }
        UUID camera = segment.stream().cameraId();
        OfCamera gone = new OfCamera(camera, segment.startUs(), segment.endUs(), days);
        Tally tally = tallies.computeIfAbsent(volume.id(), id -> new Tally());
        synchronized (tally) {
            tally.volume = volume.name();
            tally.why = shortages.getOrDefault(volume.id(), tally.why);
            tally.untoldSegments++;
            tally.untoldBytes += segment.sizeBytes();
            tally.allSegments++;
            tally.allBytes += segment.sizeBytes();
            if (tally.untold.size() < CAMERAS_MAX || tally.untold.containsKey(camera)) {
                tally.untold.merge(camera, gone, OfCamera::and);
            }
            if (tally.recent.size() < CAMERAS_MAX || tally.recent.containsKey(camera)) {
                tally.recent.merge(
                        camera,
                        new Recent(gone, nanoTime.getAsLong()),
                        (before, now) -> new Recent(before.camera().and(now.camera()), now.atNanos()));
            }
        }
    }

    /** The volume's cleaner has done a turn: tells what went, unless that was done less than an hour ago. */
    void turn(UUID volumeId) {
        Tally tally = tallies.get(volumeId);
        Optional<Early> news = tally == null ? Optional.empty() : due(volumeId, tally);
        if (news.isPresent() && teller.tell(news.get())) {
            synchronized (tally) {
                tally.untold.clear();
                tally.untoldSegments = 0;
                tally.untoldBytes = 0;
                tally.toldNanos = Optional.of(nanoTime.getAsLong());
            }
        }
    }

    private Optional<Early> due(UUID volumeId, Tally tally) {
        long now = nanoTime.getAsLong();
        synchronized (tally) {
            boolean isSoon = tally.toldNanos.filter(at -> now - at < TOLD_NANOS).isPresent();
            return isSoon || tally.untold.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Early(
                            volumeId,
                            tally.volume,
                            tally.why,
                            tally.untoldSegments,
                            tally.untoldBytes,
                            clock.nowUs(),
                            tally.untold.values().stream().sorted(LEAST_REACH).toList()));
        }
    }

    /** {@return the volumes where it goes on, with all cameras of which something went within the last hour} */
    List<Early> goingOn() {
        List<Early> volumes = new ArrayList<>();
        long now = nanoTime.getAsLong();
        tallies.forEach((id, tally) -> {
            synchronized (tally) {
                tally.recent.values().removeIf(one -> now - one.atNanos() >= TOLD_NANOS);
                if (!tally.recent.isEmpty()) {
                    volumes.add(new Early(
                            id,
                            tally.volume,
                            tally.why,
                            tally.allSegments,
                            tally.allBytes,
                            clock.expectedUs(),
                            tally.recent.values().stream()
                                    .map(Recent::camera)
                                    .sorted(LEAST_REACH)
                                    .toList()));
                }
            }
        });
        volumes.sort(Comparator.comparing(Early::volume));
        return volumes;
    }

    /** {@return what went since the start} */
    List<EarlyRemoval.OfVolume> totals() {
        List<EarlyRemoval.OfVolume> all = new ArrayList<>();
        tallies.forEach((id, tally) -> {
            synchronized (tally) {
                all.add(new EarlyRemoval.OfVolume(id, tally.volume, tally.allSegments, tally.allBytes));
            }
        });
        return all;
    }
}
