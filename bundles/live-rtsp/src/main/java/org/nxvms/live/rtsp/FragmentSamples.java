// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;

/** The access units of one fragment, all tracks by decode time. Its header is in memory, the units are read one by one. */
final class FragmentSamples {
    private static final int MOOF = 'm' << 24 | 'o' << 16 | 'o' << 8 | 'f';
    private static final int BOX_HEAD_BYTES = 8;
    private static final long SECOND_US = 1_000_000;

    /** Reads at a place of the segment as {@link Archive.SegmentBytes#read} does. */
    interface Bytes {
        int read(ByteBuffer target, long offset) throws IOException;
    }

    private final Bytes file;
    private final long moofAt;
    private final List<SampleTable> tracks;
    private final int[] next;
    private final int[] end;
    private final int[] rates;
    private final long[] origins;
    private final long startUs;
    private final ArchiveSource.Wish wish;
    private final boolean last;

    private FragmentSamples(
            Bytes file,
            long moofAt,
            FragmentHeader header,
            FragmentEntry entry,
            ArchiveSource.Wish wish,
            boolean last) {
        this.last = last;
        this.file = file;
        this.moofAt = moofAt;
        this.wish = wish;
        this.startUs = entry.startUs();
        StreamFormat format = wish.told();
        tracks = header.tracks().stream()
                .filter(table -> table.trackId() >= 1
                        && table.trackId() <= format.tracks().size()
                        && table.count() > 0)
                .toList();
        next = new int[tracks.size()];
        end = new int[tracks.size()];
        rates = new int[tracks.size()];
        origins = new long[tracks.size()];
        long firstUs = firstUs(header, format);
        for (int i = 0; i < tracks.size(); i++) {
            rates[i] = format.tracks().get(number(i)).clockRate();
            origins[i] = firstUs;
            end[i] = end(i);
        }
    }

    /** @param last whether no footage follows it without a gap */
    static FragmentSamples read(Bytes file, FragmentEntry entry, ArchiveSource.Wish wish, boolean last)
            throws IOException {
        long at = entry.offset();
        long limit = entry.offset() + entry.length();
        while (true) {
            ByteBuffer head = read(file, at, BOX_HEAD_BYTES);
            long bytes = Integer.toUnsignedLong(head.getInt(0));
            if (bytes < BOX_HEAD_BYTES || bytes > limit - at) {
                throw new IOException("a fragment at " + entry.offset() + " is damaged");
            }
            if (head.getInt(4) == MOOF) {
                if (bytes > FragmentHeader.MOOF_BYTES_MAX) {
                    throw new IOException("a fragment's header of " + bytes + " bytes");
                }
                try {
                    FragmentHeader header = FragmentHeader.parse(read(file, at, (int) bytes));
                    return new FragmentSamples(file, at, header, entry, wish, last);
                } catch (Mp4Exception e) {
                    throw new IOException("a fragment at " + entry.offset() + " is damaged: " + e.getMessage(), e);
                }
            }
            at += bytes;
        }
    }

    private static ByteBuffer read(Bytes file, long at, int bytes) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(bytes);
        fill(file, at, target);
        return target.flip();
    }

    private static void fill(Bytes file, long at, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (file.read(target, at + target.position()) <= 0) {
                throw new EOFException("the segment ends " + target.remaining() + " bytes early");
            }
        }
    }

    private int number(int i) {
        return tracks.get(i).trackId() - 1;
    }

    /** Presentation time, in microseconds of the run, of the unit that the fragment's wall time is of. */
    private long firstUs(FragmentHeader header, StreamFormat format) {
        if (tracks.isEmpty()) {
            return 0;
        }
        SampleTable first = header.first().filter(tracks::contains).orElse(tracks.get(0));
        return us(
                first.presentationTime()[0],
                format.tracks().get(first.trackId() - 1).clockRate());
    }

    private static long us(long ticks, int rate) {
        return Math.floorDiv(ticks, (long) rate) * SECOND_US + Math.floorMod(ticks, (long) rate) * SECOND_US / rate;
    }

    private long wallUs(int i, int sample) {
        return startUs + us(tracks.get(i).presentationTime()[sample], rates[i]) - origins[i];
    }

    /** Behind the last unit that lies in the wished time: what decodes before it goes along. */
    private int end(int i) {
        int end = 0;
        for (int sample = 0; sample < tracks.get(i).count(); sample++) {
            if (wallUs(i, sample) < wish.toUs()) {
                end = sample + 1;
            }
        }
        return end;
    }

    /** Takes the next unit; {@return false when there is none} What cannot be read now can be asked for again. */
    boolean next(Unit unit) throws IOException {
        while (true) {
            int first = -1;
            long firstUs = 0;
            for (int i = 0; i < next.length; i++) {
                if (next[i] < end[i]) {
                    long us = us(tracks.get(i).decodeTime()[next[i]], rates[i]);
                    if (first < 0 || us < firstUs) {
                        first = i;
                        firstUs = us;
                    }
                }
            }
            if (first < 0) {
                return false;
            }
            int sample = next[first];
            SampleTable table = tracks.get(first);
            ByteBuffer room = wish.takes(number(first), table.key()[sample]) ? unit.room(table.size()[sample]) : null;
            if (room != null) {
                fill(file, moofAt + table.offset()[sample], room);
                room.flip();
            }
            next[first]++;
            if (room == null) {
                continue;
            }
            unit.track = number(first);
            unit.key = table.key()[sample];
            unit.timestamp = table.presentationTime()[sample];
            unit.decodeTime = table.decodeTime()[sample];
            unit.wallUs = wallUs(first, sample);
            unit.last = last && next[first] == table.count();
            return true;
        }
    }
}
