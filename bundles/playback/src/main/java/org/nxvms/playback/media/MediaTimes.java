// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/**
 * Reads out of footage at which time of its own clock a fragment is shown: DASH tells players that, other than HLS, and the index
 * knows wall time only. One thread.
 */
final class MediaTimes {
    /** "moof" (ISO/IEC 14496-12 8.8.4). */
    private static final int MOOF = 0x6d6f6f66;
    /** A fragment's boxes before its payload are a few kilobytes. */
    private static final int HEAD_BYTES = 16 << 10;

    private final Archive archive;
    private final Map<String, Integer> clockRates = new HashMap<>();

    MediaTimes(Archive archive) {
        this.archive = archive;
    }

    /** {@return when the fragment's first picture, or sound where there are no pictures, is shown, in microseconds} */
    long startUs(Segment segment, FragmentEntry fragment) throws IOException {
        try {
            FragmentHeader header = FragmentHeader.parse(moof(segment, fragment));
            SampleTable first = header.track(0).orElseGet(() -> header.tracks().get(0));
            int clockRate = clockRate(segment);
            long ticks = first.presentationTime()[0];
            return ticks / clockRate * 1_000_000 + ticks % clockRate * 1_000_000 / clockRate;
        } catch (Mp4Exception | IndexOutOfBoundsException e) {
            throw new FootageDamagedException(
                    "Segment " + segment.id() + " cannot be read at byte " + fragment.offset() + ": " + e.getMessage());
        }
    }

    private int clockRate(Segment segment) throws IOException, Mp4Exception {
        Integer known = clockRates.get(segment.initId());
        if (known == null) {
            byte[] init = archive.init(segment.initId())
                    .orElseThrow(() -> new FootageDamagedException(
                            "The initialisation segment of segment " + segment.id() + " is missing."));
            known = InitReader.read(ByteBuffer.wrap(init))
                    .format()
                    .tracks()
                    .get(0)
                    .clockRate();
            clockRates.put(segment.initId(), known);
        }
        return known;
    }

    private ByteBuffer moof(Segment segment, FragmentEntry fragment) throws IOException, Mp4Exception {
        try (Archive.SegmentBytes bytes = archive.open(segment.id())) {
            ByteBuffer head = read(bytes, fragment.offset(), Math.min(HEAD_BYTES, fragment.length()));
            int at = 0;
            while (at + 8 <= head.limit() && head.getInt(at + 4) != MOOF && head.getInt(at) >= 8) {
                at += head.getInt(at);
            }
            if (at + 8 > head.limit() || head.getInt(at + 4) != MOOF) {
                throw new Mp4Exception("no moof box");
            }
            int size = head.getInt(at);
            if (size < 8 || size > FragmentHeader.MOOF_BYTES_MAX || at + size > fragment.length()) {
                throw new Mp4Exception("a moof box of " + size + " bytes");
            }
            return at + size <= head.limit()
                    ? head.position(at).limit(at + size)
                    : read(bytes, fragment.offset() + at, size);
        }
    }

    private static ByteBuffer read(Archive.SegmentBytes bytes, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && bytes.read(buffer, offset + buffer.position()) > 0) {
            // Reads on until all is there or the segment ends.
        }
        return buffer.flip();
    }
}
