// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time by which footage grows old (ADR 13). Wall time alone would let a clock that is wrong for a moment delete
 * everything. So age is counted from a time that is known (the newest footage, or what an earlier process believed) plus
 * the time this process has lived through; wall time is believed while it agrees with that. One that does not agree is
 * believed only after it has stood by itself for long enough, and until then the smaller of both counts. Any thread.
 */
final class RetentionClock {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionClock.class);
    /** Wall time may be corrected by this much a day without being doubted: it makes footage an hour older at most. */
    static final long AGREES_US = TimeUnit.HOURS.toMicros(1);

    private static final long ANCHOR_NANOS_MAX = TimeUnit.DAYS.toNanos(1);
    /** A server may be switched off for so long without anybody being told that its clock is doubted for a day. */
    private static final long OFF_US_USUAL = TimeUnit.DAYS.toMicros(31);

    private final LongSupplier wallUs;
    private final LongSupplier monotonicNanos;
    private final long doubtNanos;

    private boolean known;
    private long anchorUs;
    private long anchorNanos;
    private Optional<Doubt> doubt = Optional.empty();

    /** Since when, by both clocks, wall time says something else, and by how much. */
    private record Doubt(long wallUs, long nanos, long aheadUs, boolean whileRunning) {}

    /** @param doubtHours how long a time that does not agree must stand before it is believed; 0 believes at once */
    RetentionClock(LongSupplier wallUs, LongSupplier monotonicNanos, int doubtHours) {
        this.wallUs = wallUs;
        this.monotonicNanos = monotonicNanos;
        this.doubtNanos = TimeUnit.HOURS.toNanos(doubtHours);
    }

    /** It was at least that late once: footage ends there, or an earlier process believed it. */
    synchronized void learn(long us) {
        long now = monotonicNanos.getAsLong();
        if (!known || us > expectedUs(now)) {
            known = true;
            anchor(us, now);
        }
    }

    /** {@return the time by which age is counted, in microseconds since 1970} */
    synchronized long nowUs() {
        long wall = wallUs.getAsLong();
        long now = monotonicNanos.getAsLong();
        boolean first = !known;
        if (first) {
            known = true;
            anchor(wall, now);
        }
        long expected = expectedUs(now);
        if (Math.abs(wall - expected) <= AGREES_US) {
            if (doubt.isPresent()) {
                LOG.info("The clock agrees again with the time that has passed");
                doubt = Optional.empty();
            }
            if (now - anchorNanos >= ANCHOR_NANOS_MAX) {
                anchor(wall, now);
            }
            return wall;
        }
        if (isConfirmed(wall, expected, now)) {
            LOG.warn("The clock has stood at {} for long enough; footage grows old by it from now on", time(wall));
            doubt = Optional.empty();
            anchor(wall, now);
            return wall;
        }
        return Math.min(wall, expected);
    }

    /** {@return as {@link #nowUs}; empty while it would have only wall time to begin with} */
    synchronized OptionalLong nowUsIfKnown() {
        return known ? OptionalLong.of(nowUs()) : OptionalLong.empty();
    }

    private boolean isConfirmed(long wall, long expected, long now) {
        boolean same = doubt.filter(
                        since -> Math.abs(wall - since.wallUs() - TimeUnit.NANOSECONDS.toMicros(now - since.nanos()))
                                <= AGREES_US)
                .isPresent();
        if (!same) {
            boolean whileRunning = doubt.isPresent() || now - anchorNanos > TimeUnit.MINUTES.toNanos(1);
            doubt = Optional.of(new Doubt(wall, now, wall - expected, whileRunning));
            LOG.warn(
                    "The clock says {}, but by the footage and the time that has passed it is {}. Footage grows old by"
                            + " the earlier of both until the clock has stood for {} h",
                    time(wall),
                    time(expected),
                    TimeUnit.NANOSECONDS.toHours(doubtNanos));
        }
        return now - doubt.orElseThrow().nanos() >= doubtNanos;
    }

    /** {@return what is wrong with the clock and what to do; empty when it is believed, or was off for a usual time} */
    synchronized Optional<String> trouble() {
        return doubt.filter(since -> since.whileRunning() || Math.abs(since.aheadUs()) > OFF_US_USUAL)
                .map(since -> "the clock moved "
                        + (since.aheadUs() > 0 ? "forward" : "back") + " by "
                        + words(Math.abs(since.aheadUs()))
                        + ", so footage does not grow old by it for "
                        + TimeUnit.NANOSECONDS.toHours(doubtNanos)
                        + " h. Set the clock right (NTP); if it is right, do nothing, or lower clockDoubtHours in"
                        + " etc/org.nxvms.archive.cfg");
    }

    /** {@return the time an administrator's clock should show by what has passed; what a later process may learn} */
    synchronized long expectedUs() {
        return expectedUs(monotonicNanos.getAsLong());
    }

    private long expectedUs(long nanos) {
        return anchorUs + TimeUnit.NANOSECONDS.toMicros(nanos - anchorNanos);
    }

    private void anchor(long us, long nanos) {
        anchorUs = us;
        anchorNanos = nanos;
    }

    private static String words(long us) {
        Duration amount = Duration.of(us, ChronoUnit.MICROS);
        return amount.toDays() > 1 ? amount.plusHours(12).toDays() + " days" : amount.toMinutes() + " minutes";
    }

    private static Instant time(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
    }
}
