// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the last fragments of a chunk in the clear reached the disk before a power cut, and how players get past what
 * is damaged between fragments.
 */
final class PlainTail {
    private static final Logger LOG = LoggerFactory.getLogger(PlainTail.class);
    private static final int SAMPLES_CHECK_BYTES_MAX = 64 << 20;
    private static final int BOX_HEADER_BYTES = 8;
    private static final int PAGE_BYTES = 4096;
    private static final int FREE = 'f' << 24 | 'r' << 16 | 'e' << 8 | 'e';

    private final ReadableChannel file;
    private final Runnable beat;
    /** Lengths are read by the page: NAL units of a few bytes cost no reading each. */
    private final ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES).limit(0);

    private long pageAt;

    /** @param beat told before each fragment */
    PlainTail(ReadableChannel file, Runnable beat) {
        this.file = file;
        this.beat = beat;
    }

    /** {@return the fragments without those that are doubted and not sound} */
    List<ChunkScan.Fragment> sound(List<ChunkScan.Fragment> all, int doubted, List<TrackFormat> tracks)
            throws IOException {
        Codec codec = tracks.get(0).codec();
        if (codec != Codec.H264 && codec != Codec.HEVC) {
            return all;
        }
        List<ChunkScan.Fragment> sound = new ArrayList<>(all.subList(0, doubted));
        for (ChunkScan.Fragment one : all.subList(doubted, all.size())) {
            if (isSound(one)) {
                sound.add(one);
            }
        }
        return sound;
    }

    /** Whether each video sample is a row of length-prefixed NAL units that fill it exactly (ISO/IEC 14496-15 5.3). */
    private boolean isSound(ChunkScan.Fragment fragment) throws IOException {
        beat.run();
        Optional<SampleTable> video = fragment.header().track(0);
        if (video.isEmpty()) {
            return true;
        }
        SampleTable samples = video.get();
        long claimed = 0;
        for (int size : samples.size()) {
            claimed += size;
        }
        if (claimed > fragment.bytes()) {
            // They overlap: to look at each could take without end.
            return false;
        }
        long checked = 0;
        for (int i = 0; i < samples.count() && checked < SAMPLES_CHECK_BYTES_MAX; i++) {
            long at = fragment.moofOffset() + samples.offset()[i];
            long end = at + samples.size()[i];
            checked += samples.size()[i];
            while (at < end) {
                // Bytes that never reached the disk read as zeros, and no NAL unit is empty.
                long nal = length(at);
                if (nal == 0 || nal > end - at - 4) {
                    return false;
                }
                at += 4 + nal;
            }
        }
        return true;
    }

    /** {@return the unsigned number that stands there; 0 at the end of the file} */
    private long length(long at) throws IOException {
        if (at < pageAt || at + 4 > pageAt + page.limit()) {
            pageAt = at;
            page.clear();
            ChunkReader.fill(file, page, at);
        }
        return page.limit() < 4 ? 0 : Integer.toUnsignedLong(page.getInt((int) (at - pageAt)));
    }

    /**
     * Makes a box of what is damaged that every player skips (ISO/IEC 14496-12 8.1.2): all its bytes stay but the eight it
     * begins with, and those are told.
     */
    static void skipDamage(Volume volume, String path, VolumeFile file, List<KeptPart> parts) throws IOException {
        for (KeptPart part : parts) {
            if (part.damagedBytes() > 0) {
                skip(volume, path, file, part);
            }
        }
    }

    private static void skip(Volume volume, String path, VolumeFile file, KeptPart part) throws IOException {
        if (part.damagedBytes() < BOX_HEADER_BYTES) {
            throw new ChunkReader.DamagedException(
                    path + " has " + part.damagedBytes() + " bytes at " + part.from() + " that belong to nothing");
        }
        ByteBuffer before = ByteBuffer.allocate(BOX_HEADER_BYTES);
        try (ReadableChannel bytes = new ReadableChannel(volume.read(path))) {
            bytes.read(before, part.from());
        }
        ByteBuffer box = ByteBuffer.allocate(BOX_HEADER_BYTES);
        box.putInt((int) part.damagedBytes()).putInt(FREE).flip();
        if (before.rewind().equals(box)) {
            return;
        }
        LOG.warn(
                "Volume {}: {} bytes at {} of {} are damaged and skipped from now on; the first {} were {}",
                volume.name(),
                part.damagedBytes(),
                part.from(),
                path,
                BOX_HEADER_BYTES,
                HexFormat.of().formatHex(before.array()));
        file.rewrite(part.from(), box);
    }
}
