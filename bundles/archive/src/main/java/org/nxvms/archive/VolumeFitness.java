// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a volume takes footage now and, if not, why; from what its keeper and its writer found. Any thread. */
final class VolumeFitness {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeFitness.class);
    /** After a failed write nothing new goes to the volume for this long. */
    static final long SUSPENDED_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** A volume that is back is given streams that are well elsewhere only after this. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Syncing all that a chunk has in memory may take so many times longer than writing a fragment. */
    private static final int KEEPER_PATIENCE = 4;

    private static final long WARNING_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** New footage needs this or half a percent above the reserve, so that what is open can be sealed. */
    private static final long HEADROOM_BYTES_MAX = 16L << 20;

    private final Volume volume;
    private final WriteWatch watch;
    private final KeeperWatch keeper;
    private volatile Optional<VolumeSpace> space = Optional.empty();
    private volatile Optional<Failure> failure = Optional.empty();
    private volatile Optional<FootageCiphers.Trouble> encryptionTrouble = Optional.empty();
    private volatile long unwellNanos = System.nanoTime() - STEADY_NANOS - 1;
    private volatile long nextWarningNanos = System.nanoTime();

    private record Failure(GapCause cause, String detail, long untilNanos) {}

    VolumeFitness(Volume volume, int hungSeconds) {
        this.volume = volume;
        this.watch = new WriteWatch(hungSeconds);
        this.keeper = new KeeperWatch(KEEPER_PATIENCE * hungSeconds);
    }

    /** {@return where the keeper says what it does} */
    KeeperWatch keeper() {
        return keeper;
    }

    /** {@return where the writer says that it waits for the volume} */
    WriteWatch watch() {
        return watch;
    }

    Optional<VolumeSpace> space() {
        return space;
    }

    void space(Optional<VolumeSpace> now) {
        space = now;
    }

    /** {@return what is wrong with the encryption of new footage, if there is any} */
    Optional<FootageCiphers.Trouble> encryptionTrouble() {
        return encryptionTrouble;
    }

    /** Keeper: finds out whether new footage can be encrypted, if it should. */
    void look(FootageCiphers ciphers) {
        Optional<FootageCiphers.Trouble> now = ciphers.trouble(volume);
        if (!now.equals(encryptionTrouble)) {
            now.ifPresentOrElse(
                    trouble -> LOG.error("Volume {}: {}", volume.name(), trouble.what()),
                    () -> LOG.info("Volume {}: its encryption is in order again", volume.name()));
        }
        if (now.isPresent()) {
            unwellNanos = System.nanoTime();
        }
        encryptionTrouble = now;
    }

    /** {@return free space above the reserve; 0 when unknown} */
    long freeBytes() {
        return space.map(now -> now.usableBytes() - now.reserveBytes()).orElse(0L);
    }

    /** {@return whether so much more leaves what retention keeps free} */
    boolean hasRoomFor(long bytes) {
        return space.filter(now -> now.usableBytes() - bytes
                        > now.reserveBytes() + Math.min(Retention.ROOM_BYTES_MAX, now.totalBytes() / 100))
                .isPresent();
    }

    /** {@return whether nothing went wrong for long enough to move streams here that are well elsewhere} */
    boolean isSteady() {
        return System.nanoTime() - unwellNanos > STEADY_NANOS;
    }

    /** A write failed: no new footage for a moment, and a cause for those who ask. */
    void failed(Exception why) {
        String message = String.valueOf(why.getMessage());
        boolean full = saysFull(why);
        long now = System.nanoTime();
        failure = Optional.of(
                new Failure(full ? GapCause.DISK_FULL : GapCause.VOLUME_ABSENT, message, now + SUSPENDED_NANOS));
        if (now - nextWarningNanos >= 0) {
            nextWarningNanos = now + WARNING_NANOS;
            LOG.warn("Volume {} failed: {}", volume.name(), message);
        }
    }

    /** {@return whether the system says that there is no room, for bytes or for files} */
    static boolean saysFull(Exception failure) {
        return saysFull(String.valueOf(failure.getMessage()));
    }

    private static boolean saysFull(String message) {
        return message.contains("No space left") || message.contains("quota exceeded");
    }

    /** Why the volume takes no footage now; returns at once. */
    Optional<RefusedException> refusal() {
        Optional<RefusedException> why = why();
        if (why.isPresent()) {
            unwellNanos = System.nanoTime();
        }
        return why;
    }

    /** {@return a refusal that lasts} */
    Optional<RefusedException> refuse(String detail) {
        unwellNanos = System.nanoTime();
        return refuse(GapCause.VOLUME_ABSENT, detail);
    }

    private Optional<RefusedException> why() {
        if (volume.status() != Volume.Status.READY) {
            boolean full = isFull() || saysFull(volume.statusDetail());
            return refuse(full ? GapCause.DISK_FULL : GapCause.VOLUME_ABSENT, volume.statusDetail());
        }
        Optional<FootageCiphers.Trouble> noKey = encryptionTrouble.filter(FootageCiphers.Trouble::refuses);
        if (noKey.isPresent()) {
            return refuse(GapCause.VOLUME_ABSENT, noKey.get().what());
        }
        long hungSeconds = watch.hungSeconds();
        if (hungSeconds > 0) {
            return refuse(GapCause.DISK_SLOW, "it has not answered a write for " + hungSeconds + " s");
        }
        Optional<KeeperWatch.Hung> hung = keeper.hung();
        if (hung.isPresent()) {
            return refuse(
                    GapCause.DISK_SLOW,
                    hung.get().what() + " has not come back for " + hung.get().seconds()
                            + " s; check the disk or the network share");
        }
        Optional<Failure> failed = failure.filter(f -> f.untilNanos() - System.nanoTime() > 0);
        if (failed.isPresent()) {
            return refuse(failed.get().cause(), failed.get().detail());
        }
        if (isFull()) {
            VolumeSpace now = space.orElseThrow();
            return refuse(
                    GapCause.DISK_FULL,
                    "only " + (now.usableBytes() >> 20) + " MiB are free, " + (now.reserveBytes() >> 20)
                            + " MiB are reserved; remove other files, or lower retention or reserve");
        }
        return Optional.empty();
    }

    private Optional<RefusedException> refuse(GapCause cause, String detail) {
        return Optional.of(new RefusedException(cause, "volume " + volume.name() + ": " + detail));
    }

    private boolean isFull() {
        return space.filter(now -> now.usableBytes() < now.reserveBytes() + headroomBytes(now))
                .isPresent();
    }

    /** Less than what retention keeps free, so that it comes first. */
    private static long headroomBytes(VolumeSpace space) {
        return Math.min(HEADROOM_BYTES_MAX, space.totalBytes() / 200);
    }
}
