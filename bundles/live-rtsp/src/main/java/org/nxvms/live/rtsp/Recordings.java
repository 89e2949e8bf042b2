// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of footage: its format, where it begins, how it is played (RFC 2326 12.29, 12.34; ONVIF Streaming 6). */
final class Recordings {
    private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);
    private static final int SCALE_MAX = 32;
    private static final int RETRY_S = 5;
    /** Footage that was written up to so long ago is still being recorded: there will be more by the time it is played. */
    private static final long GROWS_US = 15_000_000;

    /**
     * How a PLAY is answered.
     *
     * @param fromUs where footage begins to be sent; empty for what is live
     * @param headers of the answer
     */
    record Plan(Source source, Player.Manner manner, OptionalLong fromUs, RtspHeaders headers) {}

    private final Services services;

    Recordings(Services services) {
        this.services = services;
    }

    /** {@return the format of the footage that an address names first} */
    StreamFormat format(Target target) throws Refusal {
        Archive archive = services.presentArchive();
        long fromUs = target.range().fromUs().orElse(0);
        try {
            List<Segment> first = archive.segments(
                    target.stream(), fromUs, target.range().toUs().orElse(nowUs()), 1);
            if (first.isEmpty()) {
                throw Refusal.notFound("There is no footage of this stream in that time.");
            }
            return new Formats(() -> archive).of(first.get(0).initId());
        } catch (StoreException e) {
            throw away(e);
        } catch (IOException e) {
            // It names files, which are nobody's business outside.
            LOG.warn("The format of footage of {} cannot be read: {}", target.stream(), e.getMessage());
            throw Refusal.unavailable("Footage cannot be read at the moment; the server's log says why.", RETRY_S);
        }
    }

    private static Refusal away(StoreException e) {
        return Refusal.unavailable("Footage cannot be read at the moment: " + e.getMessage(), RETRY_S);
    }

    /**
     * {@return which time there is, as descriptions tell it; empty when there is none} By the clock, from the first footage to the
     * last; in seconds from its beginning where the address names that: whoever puts it there knows no clock, and players that
     * read one all the same take it for seconds (GStreamer's the time of day).
     */
    Optional<String> range(Target target) throws Refusal {
        try {
            return services.presentArchive().range(target.stream()).map(all -> {
                long endUs = Math.min(all.toUs(), target.range().toUs().orElse(Long.MAX_VALUE));
                OptionalLong fromUs = target.range().fromUs();
                return fromUs.isEmpty()
                        ? "clock=" + ClockRange.text(all.fromUs()) + "-"
                                + ClockRange.text(Math.max(all.fromUs(), endUs))
                        : "npt=0-" + (endUs > fromUs.getAsLong() ? ClockRange.npt(endUs - fromUs.getAsLong()) : "");
            });
        } catch (StoreException e) {
            throw away(e);
        }
    }

    /**
     * Works out what a PLAY wants.
     *
     * @param standsUs where playing was paused; empty before it began
     */
    Plan plan(RtspRequest request, Session session, OptionalLong standsUs) throws Refusal {
        Target target = session.target();
        OptionalLong startUs = target.range().fromUs();
        if (startUs.isEmpty()) {
            startUs = first(target.stream());
        }
        String asked = request.headers().first("Range").orElse("");
        ClockRange wish = ClockRange.parse(asked, startUs);
        long fromUs = wish.fromUs().orElse(standsUs.orElse(startUs.orElse(0)));
        long endUs = Math.min(nowUs(), target.range().toUs().orElse(Long.MAX_VALUE));
        long toUs = Math.min(endUs, wish.toUs().orElse(endUs));
        if (fromUs >= toUs) {
            throw Refusal.badRange("There is no footage yet from " + ClockRange.text(fromUs) + " on.");
        }
        int scale = scale(request);
        boolean paced =
                !request.headers().first("Rate-Control").orElse("").strip().equalsIgnoreCase("no");
        boolean byClock = asked.isEmpty() ? target.range().fromUs().isEmpty() : !ClockRange.isNpt(asked);
        Archive.TimeRange there = there(target.stream(), fromUs, toUs);
        RtspHeaders headers = RtspHeaders.of("Range", told(byClock, there.fromUs(), there.toUs(), startUs.orElse(0)));
        if (request.headers().first("Scale").isPresent()) {
            headers = headers.with("Scale", scale + ".0");
        }
        if (!paced) {
            headers = headers.with("Rate-Control", "no");
        }
        ArchiveSource source = new ArchiveSource(
                services.archive(),
                new ArchiveSource.Wish(target.stream(), session.format(), fromUs, toUs, scale),
                System::nanoTime);
        return new Plan(
                source, new Player.Manner(scale, paced, true, request.cseq()), OptionalLong.of(fromUs), headers);
    }

    /**
     * {@return a range from its first footage on, up to its end, or that of all footage of a stream that is not recorded any more, when
     * it is earlier} A hole before its end is not told. All of it where there is no footage, or that cannot be told now.
     */
    private Archive.TimeRange there(StreamId stream, long fromUs, long toUs) {
        Archive archive = services.archive().get();
        try {
            if (archive != null) {
                List<Segment> first = archive.segments(stream, fromUs, toUs, 1);
                long endUs = archive.range(stream).map(Archive.TimeRange::toUs).orElse(toUs);
                if (!first.isEmpty()) {
                    long beginUs = Math.max(fromUs, first.get(0).startUs());
                    boolean grows = endUs > nowUs() - GROWS_US;
                    return new Archive.TimeRange(beginUs, grows ? toUs : Math.max(beginUs, Math.min(toUs, endUs)));
                }
            }
        } catch (StoreException away) {
            LOG.debug("Which footage of {} there is cannot be told now", stream, away);
        }
        return new Archive.TimeRange(fromUs, toUs);
    }

    /** {@return what is played, in the words in which it was asked for} */
    private static String told(boolean byClock, long fromUs, long toUs, long startUs) {
        return byClock || fromUs < startUs
                ? "clock=" + ClockRange.text(fromUs) + "-" + ClockRange.text(toUs)
                : "npt=" + ClockRange.npt(fromUs - startUs) + "-" + ClockRange.npt(toUs - startUs);
    }

    private OptionalLong first(StreamId stream) throws Refusal {
        try {
            return services.presentArchive()
                    .range(stream)
                    .map(all -> OptionalLong.of(all.fromUs()))
                    .orElse(OptionalLong.empty());
        } catch (StoreException e) {
            throw away(e);
        }
    }

    /** The nearest that can be played: forwards, in whole steps. The answer tells which it is. */
    private static int scale(RtspRequest request) {
        String text = request.headers().first("Scale").orElse("1").strip();
        double wanted = text.matches("-?\\d{1,4}(\\.\\d{0,9})?") ? Double.parseDouble(text) : 1;
        return (int) Math.max(1, Math.min(SCALE_MAX, Math.round(wanted)));
    }

    private static long nowUs() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
