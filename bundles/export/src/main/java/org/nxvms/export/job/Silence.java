// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nxvms.export.cut.Fragments;
import org.nxvms.export.cut.Group;
import org.nxvms.export.cut.Group.At;
import org.nxvms.export.cut.Sample;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.FragmentEntry;

/** Footage of one format without its sound: all else is as it was recorded, and at the same times. */
final class Silence {
    private final StreamFormat format;
    /** Tracks that stay. */
    private final List<Integer> tracks;

    /**
     * A fragment to copy.
     *
     * @param content from {@code moof} to the end of {@code mdat}
     * @param moof within it
     */
    record Left(ByteBuffer content, ByteBuffer moof, FragmentEntry entry) {}

    private Silence(StreamFormat format, List<Integer> tracks) {
        this.format = format;
        this.tracks = tracks;
    }

    /** {@return what leaves the sound out of footage; empty when it has none} */
    static Optional<Silence> of(StreamFormat format) {
        if (format.tracks().stream().noneMatch(TrackFormat::isAudio)) {
            return Optional.empty();
        }
        return Optional.of(new Silence(
                format,
                IntStream.range(0, format.tracks().size())
                        .filter(i -> !format.tracks().get(i).isAudio())
                        .boxed()
                        .toList()));
    }

    /** {@return how a file of what is left begins; empty when that is nothing} */
    Optional<byte[]> init() {
        return kept().map(InitSegment::build);
    }

    private Optional<StreamFormat> kept() {
        return tracks.isEmpty()
                ? Optional.empty()
                : Optional.of(new StreamFormat(
                        tracks.stream().map(format.tracks()::get).toList()));
    }

    /** {@return what is left of a fragment; empty when it has nothing but sound} */
    Optional<Left> of(ByteBuffer content, FragmentEntry entry) throws Mp4Exception {
        List<Sample> left = new ArrayList<>();
        long startUs = entry.startUs();
        for (At at : Group.units(format, content, entry.startUs())) {
            int track = tracks.indexOf(at.sample().track());
            if (track >= 0) {
                startUs = left.isEmpty() ? at.wallUs() : startUs;
                left.add(at.sample().onTrack(track));
            }
        }
        if (left.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer fragment = Fragments.fragment(kept().orElseThrow(), left);
        long endUs = entry.startUs() + entry.durationUs();
        return Optional.of(new Left(
                fragment,
                fragment.slice(0, fragment.getInt(0)),
                new FragmentEntry(
                        0,
                        fragment.remaining(),
                        startUs,
                        Math.max(0, endUs - startUs),
                        entry.key(),
                        entry.accessUnits())));
    }
}
