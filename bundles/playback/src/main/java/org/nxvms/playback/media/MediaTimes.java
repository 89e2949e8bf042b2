// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.playback.thumbnail.KeyFrames;

/**
 * Reads out of footage which tracks there are of it and at which time of its own clock each begins: DASH tells players that, other
 * than HLS, and the index knows wall time only. One thread.
 */
final class MediaTimes {
    /** Sound that players know in MP4; with any other beside them they refuse the pictures too. */
    private static final Set<Codec> KNOWN = EnumSet.of(Codec.AAC, Codec.OPUS);

    private final Archive archive;
    private final boolean sound;
    private final Map<String, StreamFormat> formats = new HashMap<>();

    /** @param sound whether who asks may listen */
    MediaTimes(Archive archive, boolean sound) {
        this.archive = archive;
        this.sound = sound;
    }

    /**
     * {@return the tracks that players are given, as they begin with a fragment} Pictures first, and sound that is in it. Of footage
     * without pictures there is sound in any case: who may not have it, or cannot play it, is told so when asking for it.
     */
    List<VodManifest.Begin> begin(Segment segment, FragmentEntry fragment) throws IOException {
        try (Archive.SegmentBytes bytes = archive.open(segment.id())) {
            StreamFormat format = format(segment, bytes);
            FragmentHeader header = FragmentHeader.parse(
                    KeyFrames.moof(bytes, fragment.offset(), fragment.length()).bytes());
            List<VodManifest.Begin> begun = new ArrayList<>();
            OptionalInt pictures = OneTrack.PICTURES.in(format);
            if (pictures.isPresent()) {
                begun.add(begin(format, pictures.getAsInt(), header));
            }
            OptionalInt heard = OneTrack.SOUND.in(format);
            if (heard.isPresent()) {
                int number = heard.getAsInt();
                boolean plays =
                        sound && KNOWN.contains(format.tracks().get(number).codec());
                if (begun.isEmpty() || plays && present(header, number).isPresent()) {
                    begun.add(begin(format, number, header));
                }
            }
            if (begun.isEmpty()) {
                throw new Mp4Exception("there are neither pictures nor sound in it");
            }
            return begun;
        } catch (Mp4Exception e) {
            throw new FootageDamagedException(
                    "Segment " + segment.id() + " cannot be read at byte " + fragment.offset() + ": " + e.getMessage());
        }
    }

    private static VodManifest.Begin begin(StreamFormat format, int number, FragmentHeader header) throws Mp4Exception {
        TrackFormat track = format.tracks().get(number);
        Optional<SampleTable> own = present(header, number);
        if (own.isPresent()) {
            return new VodManifest.Begin(
                    track, us(own.get().presentationTime()[0], track), bitsPerSecond(own.get(), track));
        }
        // There is something else in it.
        SampleTable other = header.tracks().stream()
                .filter(table ->
                        table.count() > 0 && table.trackId() <= format.tracks().size())
                .findFirst()
                .orElseThrow(() -> new Mp4Exception("nothing is in the fragment"));
        return new VodManifest.Begin(
                track, us(other.presentationTime()[0], format.tracks().get(other.trackId() - 1)), 0);
    }

    private static Optional<SampleTable> present(FragmentHeader header, int number) {
        return header.track(number).filter(table -> table.count() > 0);
    }

    private static long us(long ticks, TrackFormat track) {
        return ticks / track.clockRate() * 1_000_000 + ticks % track.clockRate() * 1_000_000 / track.clockRate();
    }

    private static long bitsPerSecond(SampleTable table, TrackFormat track) {
        long bytes = 0;
        for (int size : table.size()) {
            bytes += size;
        }
        return bytes * 8 * track.clockRate() / Math.max(1, table.endDecodeTime() - table.decodeTime()[0]);
    }

    private StreamFormat format(Segment segment, Archive.SegmentBytes bytes) throws IOException, Mp4Exception {
        StreamFormat known = formats.get(segment.initId());
        if (known == null) {
            known = OwnFormat.of(archive, segment, bytes);
            formats.put(segment.initId(), known);
        }
        return known;
    }
}
