// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageSink.RunRequest;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.PastFootage;
import org.nxvms.platform.api.archive.PastFootage.NotMissingException;

/**
 * Puts the pictures of a camera's recording where they are missing (ADR 128). The first that is missing mostly depends on
 * pictures that the archive has in front of the gap; these go along as the run's <em>lead</em>.
 *
 * <p>A recording with a hole makes several runs, and what is missing in it stays missing. One thread.
 */
public final class PastWriter implements AutoCloseable {
    /** Longer is missing footage and no distance of two pictures; as the archive's ledger sees it. */
    private static final long HOLE_US = 2_000_000;
    /** What is missing at an edge for less than this is the distance of two pictures. */
    private static final long EDGE_US = 200_000;
    /** Until two pictures have told their distance. */
    private static final long SPACING_US = 40_000;

    /** Pictures up to the first that is missing: a minute at 8 Mbit/s. */
    private static final int LEAD_BYTES_MAX = 16 << 20;

    private final PastFootage archive;
    private final StreamId stream;
    private final FootageTerms terms;
    private final List<TrackFormat> tracks;
    private final Places places;
    private final Target target;

    private final Deque<Sound> heard = new ArrayDeque<>();
    private final List<ByteBuffer> lead = new ArrayList<>();
    private long leadBytes;
    private Optional<PastFragments> run = Optional.empty();
    private long endUs;
    private long lastDeviceUs = Long.MIN_VALUE;
    private long lastWallUs;
    private long spacingUs = SPACING_US;
    private boolean over;
    private long filledUs;
    private long pictures;

    /**
     * Where it goes.
     *
     * @param fromUs by the server's clock
     * @param toUs by the server's clock
     */
    public record Target(StreamId stream, FootageTerms terms, long fromUs, long toUs) {}

    /**
     * @param tracks pictures, and sound if there is any
     * @param places the first of its moments is that of the last picture that is not missing, the second that of the first
     *     behind the gap
     */
    public PastWriter(PastFootage archive, Target target, List<TrackFormat> tracks, Places places) {
        this.archive = archive;
        this.stream = target.stream();
        this.terms = target.terms();
        this.tracks = List.copyOf(tracks);
        this.places = places;
        this.target = target;
        this.endUs = target.fromUs();
    }

    /** Takes sound of the pictures that come next. */
    public void hear(List<Sound> sound) {
        heard.addAll(sound);
    }

    /** Puts sound where it is missing, up to a moment by the camera's clock. */
    private void putSound(long untilUs) {
        while (!heard.isEmpty() && heard.element().timeUs() < untilUs) {
            Sound next = heard.remove();
            long wallUs = places.wallUs(next.timeUs());
            if (run.isPresent() && wallUs < target.toUs()) {
                run.get().hear(next.data(), wallUs);
            }
        }
    }

    /** Takes the next picture in the order of decoding; {@return whether more are wanted} */
    public boolean add(Picture picture) throws IOException, Mp4Exception, RefusedException, NotMissingException {
        long deviceUs = picture.timeUs();
        if (!over && deviceUs >= places.deviceToUs()) {
            end();
        }
        if (over) {
            return false;
        }
        putSound(deviceUs);
        if (lastDeviceUs != Long.MIN_VALUE && deviceUs - lastDeviceUs > HOLE_US) {
            endRun(lastWallUs + spacingUs);
            forgetLead();
        }
        lastDeviceUs = Math.max(lastDeviceUs, deviceUs);
        if (run.isEmpty() && deviceUs <= places.deviceFromUs()) {
            keep(picture);
            return true;
        }
        long wallUs = Math.min(Math.max(places.wallUs(deviceUs), endUs), target.toUs() - 1);
        if (run.isEmpty()) {
            if (picture.key()) {
                forgetLead();
            } else if (lead.isEmpty()) {
                // What it depends on is not there.
                return true;
            }
            wallUs = begin(wallUs);
        } else if (wallUs > lastWallUs && wallUs - lastWallUs <= EDGE_US) {
            spacingUs = wallUs - lastWallUs;
        }
        run.orElseThrow().add(picture, wallUs);
        lastWallUs = Math.max(lastWallUs, wallUs);
        pictures++;
        return true;
    }

    private void keep(Picture picture) throws Mp4Exception {
        if (picture.key()) {
            forgetLead();
        } else if (lead.isEmpty()) {
            return;
        }
        leadBytes += picture.data().remaining();
        if (leadBytes > LEAD_BYTES_MAX || lead.size() == PastFragments.LEAD_MAX) {
            throw new Mp4Exception("the key frame before the gap is too far away: " + lead.size()
                    + " pictures lie between; shorten the camera's distance of key frames");
        }
        lead.add(picture.data());
    }

    private void forgetLead() {
        lead.clear();
        leadBytes = 0;
    }

    /** {@return when the first picture is shown} From the run's start on, unless it comes clearly later. */
    private long begin(long firstUs) throws RefusedException, NotMissingException, IOException {
        long startUs = firstUs - endUs < EDGE_US && endUs == target.fromUs() ? endUs : firstUs;
        StreamFormat format = new StreamFormat(tracks);
        RunRequest request = new RunRequest(stream, format, startUs, ClockSource.DEVICE_RECORDING, terms);
        run = Optional.of(new PastFragments(() -> archive.open(request, target.toUs()), tracks, startUs, lead));
        forgetLead();
        long shownUs = firstUs - startUs < spacingUs ? startUs : firstUs;
        lastWallUs = shownUs;
        return shownUs;
    }

    private void endRun(long atUs) throws IOException {
        if (run.isEmpty()) {
            return;
        }
        PastFragments ending = run.get();
        run = Optional.empty();
        try (ending) {
            ending.end(Math.min(atUs, target.toUs()));
        } finally {
            filledUs += ending.filledUs();
            endUs = ending.endUs();
        }
    }

    /** Nothing follows. What is missing for less than the distance of two pictures is none. */
    public void end() throws IOException {
        over = true;
        putSound(places.deviceToUs());
        long lastEndUs = lastWallUs + spacingUs;
        endRun(target.toUs() - lastEndUs < EDGE_US ? target.toUs() : lastEndUs);
    }

    /** {@return up to where there is footage} */
    public long endUs() {
        return endUs;
    }

    /** {@return how much of the time has footage now} */
    public long filledUs() {
        return filledUs + run.map(PastFragments::filledUs).orElse(0L);
    }

    /** {@return how many pictures were put there} */
    public long pictures() {
        return pictures;
    }

    /** It breaks off: what was written stays. */
    @Override
    public void close() {
        over = true;
        run.ifPresent(breaking -> {
            breaking.close();
            filledUs += breaking.filledUs();
            endUs = breaking.endUs();
        });
        run = Optional.empty();
    }
}
