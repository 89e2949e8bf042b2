// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.worker.MediaWorker.CodedPicture;
import org.nxvms.playback.thumbnail.ExactFrame.Unit;

/** Finds the picture that is shown at an instant, and reads what it is decoded from. Any thread; blocks on disk and database. */
final class ExactFrames {
    /** Of one picture: a group of half a minute at 8 Mbit/s. It lies in memory while it is decoded, one at a time. */
    private static final long BYTES_MAX = 32L << 20;

    private static final int PICTURES_MAX = 1_000;
    private static final int SEGMENTS_MAX = 16;
    /** Times of fragments are rounded, and pictures shown in another order than decoded no further apart. */
    private static final long SLACK_US = 500_000;

    private ExactFrames() {}

    /** A picture's place, while the one that is shown is looked for. */
    private record Seen(Unit unit, boolean key, long takenUs) {}

    /** Coded pictures and what they are. */
    record Group(TrackFormat track, List<CodedPicture> pictures) {}

    /**
     * {@return the picture that was taken last at an instant; empty where there is no footage then}
     *
     * @throws Mp4Exception when what lies there is no picture
     */
    static Optional<ExactFrame> at(Archive archive, StreamId stream, long atUs) throws IOException, Mp4Exception {
        for (Segment segment : archive.segments(stream, atUs, atUs + 1, SEGMENTS_MAX)) {
            if (segment.startUs() <= atUs && segment.endUs() > atUs) {
                try {
                    Optional<ExactFrame> found = at(archive, segment, atUs);
                    if (found.isPresent()) {
                        return found;
                    }
                } catch (NoSuchFileException removed) {
                    // Retention removed it since it was found: there is no footage any more.
                    continue;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ExactFrame> at(Archive archive, Segment segment, long atUs)
            throws IOException, Mp4Exception {
        List<FragmentEntry> index = archive.index(segment.id());
        int last = -1;
        for (int i = 0; i < index.size(); i++) {
            last = index.get(i).startUs() <= atUs ? i : last;
        }
        if (last < 0 || index.get(last).startUs() + index.get(last).durationUs() + SLACK_US <= atUs) {
            return Optional.empty();
        }
        int first = last;
        while (first > 0 && !index.get(first).key()) {
            first--;
        }
        int end = last + 1;
        while (end < index.size() && index.get(end).startUs() < atUs + SLACK_US) {
            end++;
        }
        List<TrackFormat> tracks = KeyFrames.tracks(archive, segment.initId());
        int video = KeyFrames.video(tracks);
        List<Seen> all = new ArrayList<>();
        try (Archive.SegmentBytes bytes = archive.open(segment.id())) {
            for (FragmentEntry fragment : index.subList(first, end)) {
                bytes.check(fragment.offset());
                seen(bytes, fragment, video, tracks, all);
            }
        }
        return Optional.of(frame(segment, video, all, atUs));
    }

    private static void seen(
            Archive.SegmentBytes bytes, FragmentEntry fragment, int video, List<TrackFormat> tracks, List<Seen> all)
            throws IOException, Mp4Exception {
        KeyFrames.Moof moof = KeyFrames.moof(bytes, fragment.offset(), fragment.length());
        FragmentHeader header = FragmentHeader.parse(moof.bytes());
        Optional<SampleTable> table = header.track(video);
        if (table.isEmpty() || table.get().count() == 0) {
            return;
        }
        SampleTable units = table.get();
        SampleTable first =
                header.first().filter(one -> one.trackId() <= tracks.size()).orElse(units);
        long beginUs = us(first.presentationTime()[0], tracks.get(first.trackId() - 1));
        for (int i = 0; i < units.count(); i++) {
            long time = units.presentationTime()[i];
            all.add(new Seen(
                    new Unit(moof.offset() + units.offset()[i], units.size()[i], time),
                    units.key()[i],
                    fragment.startUs() + us(time, tracks.get(video)) - beginUs));
        }
    }

    private static long us(long ticks, TrackFormat track) {
        long rate = track.clockRate();
        return Math.floorDiv(ticks, rate) * 1_000_000L + Math.floorMod(ticks, rate) * 1_000_000L / rate;
    }

    private static ExactFrame frame(Segment segment, int video, List<Seen> all, long atUs) throws Mp4Exception {
        int shown = -1;
        for (int i = 0; i < all.size(); i++) {
            long takenUs = all.get(i).takenUs();
            if (takenUs <= atUs && (shown < 0 || takenUs > all.get(shown).takenUs())) {
                shown = i;
            }
        }
        int key = Math.max(0, shown);
        while (key > 0 && !all.get(key).key()) {
            key--;
        }
        if (shown < 0 || !all.get(key).key()) {
            throw new Mp4Exception("no key frame stands before the picture");
        }
        List<Seen> group = all.subList(key, shown + 1);
        long bytes = group.stream().mapToLong(seen -> seen.unit().size()).sum();
        if (group.size() > PICTURES_MAX || bytes > BYTES_MAX) {
            throw new Mp4Exception("the key frame before the picture is " + group.size() + " pictures and " + bytes
                    + " bytes away, more than are decoded for one");
        }
        return new ExactFrame(
                segment.id(),
                segment.initId(),
                video,
                all.get(shown).takenUs(),
                all.get(shown).unit().time(),
                group.stream().map(Seen::unit).toList(),
                !segment.open());
    }

    /**
     * Reads what a picture is decoded from.
     *
     * @throws NoSuchFileException when its segment is gone
     * @throws Mp4Exception when what lies there is no picture
     */
    static Group read(Archive archive, ExactFrame frame) throws IOException, Mp4Exception {
        List<TrackFormat> tracks = KeyFrames.tracks(archive, frame.initId());
        List<CodedPicture> pictures = new ArrayList<>();
        try (Archive.SegmentBytes bytes = archive.open(frame.segmentId())) {
            for (Unit unit : frame.units()) {
                bytes.check(unit.offset());
                ByteBuffer data = KeyFrames.read(bytes, unit.offset(), unit.size(), Long.MAX_VALUE);
                pictures.add(new CodedPicture(unit.time(), data));
            }
        }
        return new Group(tracks.get(frame.track()), pictures);
    }
}
