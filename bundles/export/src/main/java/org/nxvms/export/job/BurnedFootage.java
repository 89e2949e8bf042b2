// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.nxvms.export.burn.Burner;
import org.nxvms.export.burn.Captions;
import org.nxvms.export.burn.Encoders;
import org.nxvms.export.cut.EdgeException;
import org.nxvms.export.cut.EdgePictures.Picture;
import org.nxvms.export.cut.Group;
import org.nxvms.export.cut.Group.At;
import org.nxvms.export.cut.Sample;
import org.nxvms.export.pack.Manifest.Source;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.export.ExportOrder;

/**
 * Footage of one camera whose pictures are burned into: fragments that follow each other go in, fragments of pictures that were
 * encoded anew, with the sound beside them, come out. Nothing of the recorded pictures passes. One thread.
 */
final class BurnedFootage implements AutoCloseable {
    private static final int LEAD = 0;

    private final How how;
    private final Toll toll;
    private final Target target;
    /** Of the pictures that are being encoded: as they were recorded, by the time they are shown. */
    private final TreeMap<Long, At> given = new TreeMap<>();

    private final Deque<At> beside = new ArrayDeque<>();
    private final List<Picture> group = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private Burner burner;
    private Segment first;
    private StreamFormat format;
    private List<Integer> tracks = List.of();
    private long sinceUs;
    private long untilUs;
    private boolean anyWanted;
    private boolean anyCame;

    /**
     * How it is done.
     *
     * @param worked told of bytes of footage that are done
     */
    record How(Encoders encoders, Captions captions, LongConsumer worked) {}

    /** Before it is known where the range begins in the footage's own time. */
    private record Held(FragmentEntry entry, Segment segment, List<At> units) {}

    /** {@return the file into which it goes} */
    @FunctionalInterface
    interface Target {
        FootageFile open(CameraPart part, Segment segment, long startUs, Optional<Group.Made> anew)
                throws IOException, Toll.UnwantedException, Mp4Exception;
    }

    BurnedFootage(How how, Toll toll, Target target) {
        this.how = how;
        this.toll = toll;
        this.target = target;
    }

    /** {@return whether a viewer waits for the place of what runs} */
    boolean isWanted() {
        return burner != null && burner.isWanted();
    }

    /**
     * Takes a fragment that follows the one before without a hole, or is the first, with a key frame.
     *
     * @param of what it is, and what becomes of it
     */
    void take(CameraPart part, Segment segment, FragmentEntry entry, ByteBuffer content, BurnedFormat of)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        List<At> units = Group.units(of.format(), content, entry.startUs());
        if (first == null) {
            first = segment;
            sinceUs = entry.startUs();
            format = of.format();
            tracks = kept(part, format);
        }
        held.add(new Held(entry, segment, units));
        boolean exact = part.order.cut() == ExportOrder.Cut.EXACT;
        if (burner == null) {
            if (exact && entry.startUs() + entry.durationUs() <= part.order.fromUs()) {
                return;
            }
            burner = new Burner(
                    how.encoders(),
                    new Burner.Order(
                            "export",
                            format.tracks().get(LEAD),
                            of.heightMax(),
                            of.kilobits(),
                            part.order.burnIn().masksOf(part.cameraId),
                            exact ? fromTime(part, units) : Long.MIN_VALUE));
        }
        try {
            for (Held one : held) {
                give(part, one, exact);
            }
        } catch (EdgeException failed) {
            throw new ExportFailedException(failed.getMessage());
        }
        held.clear();
        write(part, burner.poll());
    }

    /** {@return which tracks are taken along} What describes pictures may describe what the masks hide. */
    private static List<Integer> kept(CameraPart part, StreamFormat format) {
        boolean masked = !part.order.burnIn().masksOf(part.cameraId).isEmpty();
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < format.tracks().size(); i++) {
            if (i == LEAD || !masked || !format.tracks().get(i).isData()) {
                kept.add(i);
            }
        }
        return kept;
    }

    /** {@return from when on pictures are in the range, by the clock of the fragment in which it begins} */
    private static long fromTime(CameraPart part, List<At> units) {
        return units.stream()
                .filter(at -> at.sample().track() == LEAD)
                .findFirst()
                // 90 000 ticks a second, rounded up.
                .map(at -> at.sample().presentationTime()
                        + (Math.max(0, part.order.fromUs() - at.wallUs()) * 9 + 99) / 100)
                .orElse(Long.MIN_VALUE);
    }

    private void give(CameraPart part, Held one, boolean exact) throws IOException, Toll.UnwantedException {
        boolean isSource = false;
        for (At at : one.units()) {
            boolean wanted = !exact || at.wallUs() < part.order.toUs();
            isSource |= wanted;
            if (at.sample().track() != LEAD) {
                int track = tracks.indexOf(at.sample().track());
                if (track > 0 && wanted && !(exact && at.wallUs() < part.order.fromUs())) {
                    beside.add(new At(at.sample().onTrack(track), at.wallUs()));
                }
                continue;
            }
            given.put(at.sample().presentationTime(), at);
            anyWanted |= wanted;
            untilUs = Math.max(untilUs, at.wallUs());
            burner.picture(at.sample(), how.captions().of(at.wallUs()), toll::require);
        }
        if (isSource) {
            FragmentEntry entry = one.entry();
            sources.add(CameraPart.source(one.segment(), entry.offset(), entry.offset() + entry.length()));
        }
        how.worked().accept(one.entry().length());
    }

    /** Nothing follows without a hole. Blocks until the rest has come and is written. */
    void finish(CameraPart part) throws IOException, Toll.UnwantedException {
        try {
            if (burner != null) {
                burner.finish(toll::require);
                write(part, burner.poll());
                flush(part, Optional.empty());
                if (anyWanted && !anyCame) {
                    part.lost(
                            first,
                            sinceUs,
                            untilUs,
                            new UnreadableException("none of its pictures can be decoded", null));
                }
            }
        } catch (EdgeException failed) {
            throw new ExportFailedException(failed.getMessage());
        } finally {
            close();
        }
    }

    private void write(CameraPart part, List<Picture> came) throws IOException, Toll.UnwantedException {
        for (Picture picture : came) {
            if (picture.key() && !group.isEmpty()) {
                flush(part, Optional.of(picture));
            }
            group.add(picture);
            anyCame = true;
        }
    }

    /** Writes a group of pictures, of which the first stands alone, with the sound beside them. */
    private void flush(CameraPart part, Optional<Picture> next) throws IOException, Toll.UnwantedException {
        try {
            flushed(part, next);
        } catch (Mp4Exception bad) {
            throw new ExportFailedException("What the media worker made of pictures is of no use: " + bad.getMessage());
        }
    }

    private void flushed(CameraPart part, Optional<Picture> next)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        List<At> leading = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            Picture picture = group.get(i);
            At recorded = given.get(picture.time());
            if (recorded == null) {
                throw new Mp4Exception("what was encoded anew is of other moments");
            }
            if (part.order.cut() == ExportOrder.Cut.EXACT && recorded.wallUs() >= part.order.toUs()) {
                break;
            }
            Optional<Picture> following = i + 1 < group.size() ? Optional.of(group.get(i + 1)) : next;
            long duration = following
                    .map(Picture::time)
                    .map(time -> time - picture.time())
                    .orElse(recorded.sample().duration());
            leading.add(new At(
                    new Sample(LEAD, picture.time(), picture.time(), duration, picture.key(), picture.data()),
                    recorded.wallUs()));
        }
        if (!leading.isEmpty()) {
            long behindUs = next.map(picture -> given.get(picture.time()))
                    .map(At::wallUs)
                    .orElse(Long.MAX_VALUE);
            List<At> sound = new ArrayList<>();
            while (!beside.isEmpty() && beside.peekFirst().wallUs() < behindUs) {
                sound.add(beside.removeFirst());
            }
            Group.Made made = made();
            Group.Part written = Group.part(made.format(), leading, sound, Optional.of(made));
            FootageFile into = target.open(part, first, written.fromUs(), Optional.of(made));
            into.write(written, first.runId());
            sources.forEach(into.file::copied);
            sources.clear();
            given.headMap(group.get(group.size() - 1).time(), true).clear();
        }
        group.clear();
    }

    private Group.Made made() throws Mp4Exception {
        try {
            List<TrackFormat> all = new ArrayList<>();
            for (int track : tracks) {
                all.add(
                        track == LEAD
                                ? TrackFormats.h264(burner.sets().orElseThrow())
                                : format.tracks().get(track));
            }
            return new Group.Made(new StreamFormat(all), false);
        } catch (NalException bad) {
            throw new Mp4Exception("what was encoded anew is of no use: " + bad.getMessage());
        }
    }

    /** Gives up what was not written. */
    @Override
    public void close() {
        if (burner != null) {
            burner.close();
            burner = null;
        }
        first = null;
        given.clear();
        beside.clear();
        group.clear();
        sources.clear();
        held.clear();
        anyWanted = false;
        anyCame = false;
        sinceUs = 0;
        untilUs = 0;
    }
}
