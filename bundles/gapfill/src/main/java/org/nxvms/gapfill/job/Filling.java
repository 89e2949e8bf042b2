// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.EdgeRecordings.Recording;
import org.nxvms.gapfill.footage.Edges;
import org.nxvms.gapfill.footage.Match;
import org.nxvms.gapfill.footage.PastWriter;
import org.nxvms.gapfill.footage.Picture;
import org.nxvms.gapfill.footage.Places;
import org.nxvms.gapfill.footage.RecordingFile;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.PastFootage;
import org.nxvms.platform.api.archive.PastFootage.NotMissingException;
import org.nxvms.platform.api.archive.Segment;

/**
 * Fills what is missing of one stream in a range of time: for each stretch it asks the camera what it has, finds the pictures
 * beside the gap in it, and puts those between where they are missing. One thread; blocks on camera, disk and pace.
 */
final class Filling {
    /** What is fetched beside a moment that is looked for: a second for the network's delay and the camera's rounding. */
    private static final long BESIDE_US = 1_000_000;
    /** Where no key frame is known to begin with; most cameras send one within so long. */
    private static final long GROUP_US = 10_000_000;

    private final Archive archive;
    private final PastFootage past;
    private final StreamId stream;
    private final FootageTerms terms;
    private final DeviceFootage device;
    private final Edges edges;
    private volatile Sum sum = new Sum(0, 0, 0, Optional.empty());

    /** What was done so far. */
    record Sum(long missingUs, long filledUs, long pictures, Optional<FillJob.Placed> placed) {}

    Filling(Archive archive, PastFootage past, StreamId stream, FootageTerms terms, DeviceFootage device) {
        this.archive = archive;
        this.past = past;
        this.stream = stream;
        this.terms = terms;
        this.device = device;
        this.edges = new Edges(archive);
    }

    /** {@return how far it is} Any thread. */
    Sum sum() {
        return sum;
    }

    /** Fills what it can; {@link #sum} tells how much, also when it fails. */
    void fill(long fromUs, long toUs) throws FillFailedException {
        List<Stretch> missing = Stretch.missing(archive, stream, fromUs, toUs);
        long all = missing.stream().mapToLong(Stretch::lengthUs).sum();
        sum = new Sum(all, 0, 0, Optional.empty());
        if (missing.isEmpty()) {
            return;
        }
        DeviceFootage.Offset offset = device.offset();
        FillFailedException first = null;
        for (Stretch stretch : missing) {
            try {
                fill(stretch, offset);
            } catch (FillFailedException failed) {
                if (failed.isPassing()) {
                    throw failed;
                }
                // What has no place there keeps nothing from the others.
                first = first == null ? failed : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void fill(Stretch stretch, DeviceFootage.Offset offset) throws FillFailedException {
        long beside = offset.doubtUs() + BESIDE_US;
        List<Recording> recordings = device.recordings(
                stretch.fromUs() + offset.us() - beside - GROUP_US, stretch.toUs() + offset.us() + beside);
        Looked before = look(stretch.before(), edges::last, offset, recordings);
        Looked behind = look(stretch.behind(), edges::first, offset, recordings);
        Optional<Match.Found> front = before.found();
        Optional<Match.Found> rear = behind.found();
        // Where one edge is found, the other would be, had the clock gone on.
        boolean isOneLost = front.isPresent() != rear.isPresent() && before.isRecorded() && behind.isRecorded();
        boolean isBack = front.isPresent()
                && rear.isPresent()
                && rear.get().deviceUs() <= front.get().deviceUs();
        if (isOneLost || isBack || places(stretch, offset.us(), front, rear).isJump()) {
            throw new FillFailedException(
                    "The camera's clock was set while nobody reached it, so that what it recorded from "
                            + DeviceFootage.instant(stretch.fromUs()) + " on has no place that is sure.",
                    false);
        }
        Places places = places(stretch, offset.us(), front, rear);
        boolean sure = (front.isPresent() || stretch.before().isEmpty())
                && (rear.isPresent() || stretch.behind().isEmpty())
                && (front.isPresent() || rear.isPresent());
        long beginUs = front.map(Match.Found::deviceKeyUs).orElse(places.deviceFromUs() - GROUP_US);
        Sources sources = Sources.of(
                recordings.stream()
                        .filter(one -> overlaps(one, beginUs, places.deviceToUs()))
                        .toList(),
                before.in(),
                behind.in());
        if (sources.isUnsure()) {
            throw new FillFailedException(
                    "The camera has several recordings of the time from " + DeviceFootage.instant(stretch.fromUs())
                            + " on, and the pictures beside the gap are in none of them, so that nobody knows which is of"
                            + " this stream; have the camera record this stream, and no other.",
                    false);
        }
        long atUs = stretch.fromUs();
        for (Recording recording : sources.all()) {
            boolean bySight = sure && sources.isFound(recording);
            Places rest = atUs > stretch.fromUs() && atUs < stretch.toUs() ? places.from(atUs) : places;
            atUs = put(recording, stretch, atUs, Math.max(beginUs, rest.deviceFromUs() - GROUP_US), rest, bySight);
        }
    }

    /** Where the footage beside the gap is without sound, nobody wants to have it recorded. */
    private static List<TrackFormat> tracks(RecordingFile file, Stretch stretch) {
        List<TrackFormat> tracks = new ArrayList<>(List.of(file.video()));
        boolean heard =
                stretch.before().or(stretch::behind).map(Segment::hasAudio).orElse(false);
        file.sound().filter(sound -> heard).ifPresent(tracks::add);
        return tracks;
    }

    private static Places places(
            Stretch stretch, long offsetUs, Optional<Match.Found> front, Optional<Match.Found> rear) {
        long by = front.or(() -> rear)
                .map(found -> found.deviceUs() - found.wallUs())
                .orElse(offsetUs);
        Places even = Places.by(by, stretch.fromUs(), stretch.toUs());
        return new Places(
                front.map(Match.Found::deviceUs).orElse(even.deviceFromUs()),
                front.map(Match.Found::wallUs).orElse(even.fromUs()),
                rear.map(Match.Found::deviceUs).orElse(even.deviceToUs()),
                rear.map(Match.Found::wallUs).orElse(even.toUs()));
    }

    @FunctionalInterface
    private interface Edge {
        Optional<Edges.Known> of(Segment segment) throws IOException, Mp4Exception;
    }

    /**
     * Where a picture at an edge is in the camera's recordings.
     *
     * @param isRecorded whether they have pictures of that time, by what is known of the camera's clock
     * @param in the recording that has it
     */
    private record Looked(boolean isRecorded, Optional<Match.Found> found, Optional<Recording> in) {}

    private Looked look(Optional<Segment> segment, Edge edge, DeviceFootage.Offset offset, List<Recording> recordings)
            throws FillFailedException {
        Optional<Edges.Known> wanted;
        try {
            wanted = segment.isEmpty() ? Optional.empty() : edge.of(segment.get());
        } catch (IOException | Mp4Exception unreadable) {
            throw new FillFailedException(
                    "Footage beside the gap cannot be read: " + unreadable.getMessage(), true, unreadable);
        }
        boolean isRecorded = false;
        if (wanted.isEmpty()) {
            return new Looked(isRecorded, Optional.empty(), Optional.empty());
        }
        long beside = offset.doubtUs() + BESIDE_US;
        long fromUs = wanted.get().keyUs() + offset.us() - beside;
        long untilUs = wanted.get().timeUs() + offset.us() + beside;
        for (Recording recording : recordings) {
            if (overlaps(recording, fromUs, untilUs)) {
                Optional<Optional<Match.Found>> read =
                        device.read(recording, fromUs, untilUs, file -> Match.in(file, wanted.get(), untilUs));
                isRecorded |= read.isPresent();
                Optional<Match.Found> found = read.flatMap(one -> one);
                if (found.isPresent()) {
                    return new Looked(true, found, Optional.of(recording));
                }
            }
        }
        return new Looked(isRecorded, Optional.empty(), Optional.empty());
    }

    private static boolean overlaps(Recording recording, long fromUs, long toUs) {
        return DeviceFootage.us(recording.from()) < toUs
                && recording.to().map(DeviceFootage::us).orElse(Long.MAX_VALUE) > fromUs;
    }

    /** {@return up to where there is footage then} */
    private long put(Recording recording, Stretch stretch, long atUs, long beginUs, Places places, boolean sure)
            throws FillFailedException {
        if (!overlaps(recording, beginUs, places.deviceToUs()) || atUs >= stretch.toUs()) {
            return atUs;
        }
        PastWriter.Target target = new PastWriter.Target(stream, terms, atUs, stretch.toUs());
        Sum before = sum;
        Optional<Long> endUs = device.read(recording, beginUs, places.deviceToUs() + BESIDE_US, file -> {
            PastWriter writer = new PastWriter(past, target, tracks(file, stretch), places);
            try {
                long toldUs = 0;
                boolean more = true;
                while (more) {
                    Optional<Picture> next = file.next();
                    writer.hear(file.heard());
                    more = put(next, writer);
                    if (writer.filledUs() != toldUs) {
                        toldUs = writer.filledUs();
                        sum = with(before, writer, sure);
                    }
                }
            } finally {
                writer.close();
                sum = with(before, writer, sure);
            }
            return writer.endUs();
        });
        return endUs.orElse(atUs);
    }

    private static Sum with(Sum before, PastWriter writer, boolean sure) {
        boolean byPictures = sure && before.placed().orElse(FillJob.Placed.BY_PICTURES) == FillJob.Placed.BY_PICTURES;
        return new Sum(
                before.missingUs(),
                before.filledUs() + writer.filledUs(),
                before.pictures() + writer.pictures(),
                Optional.of(byPictures ? FillJob.Placed.BY_PICTURES : FillJob.Placed.BY_CLOCK));
    }

    private static boolean put(Optional<Picture> next, PastWriter writer) throws Mp4Exception, FillFailedException {
        try {
            if (next.isPresent()) {
                return writer.add(next.get());
            }
            writer.end();
            return false;
        } catch (IOException notTaken) {
            throw new FillFailedException("The archive did not take it: " + notTaken.getMessage(), true, notTaken);
        } catch (RefusedException noVolume) {
            throw new FillFailedException("No volume takes what is missing: " + noVolume.getMessage(), true, noVolume);
        } catch (NotMissingException there) {
            throw new FillFailedException("Nothing may be put there: " + there.getMessage() + ".", false, there);
        }
    }
}
