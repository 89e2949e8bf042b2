// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nxvms.export.pack.Manifest.Anchor;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.rest.kit.problem.Times;

/**
 * Places fragments of several runs on the time line of one file. Its time 0 is the first fragment's; a run's own times go on
 * as they are, and where one begins, or time is missing within, the file's time jumps as the clock did: a gap stays as long
 * as it was. Time that happened twice, since a clock was set back, is put one behind the other. Which time of the file is which of
 * the clock is told there, and wherever they have run apart since, as a camera's clock and the server's do. One thread at a time.
 */
final class FragmentTimes {
    /** A smaller difference is the rounding of times between two fragments. */
    private static final long JUMP_US = 500_000L;

    /** With what is lost by telling it in milliseconds it is ten, at a fragment's beginning. */
    private static final long DRIFT_US_MAX = 8_000L;

    private static final int MOOF = 0x6d6f6f66;
    private static final int MFHD = 0x6d666864;
    private static final int TRAF = 0x74726166;
    private static final int TFHD = 0x74666864;
    private static final int TFDT = 0x74666474;

    private final StreamFormat format;
    private final List<Anchor> anchors = new ArrayList<>();
    private final Map<Integer, Long> endTicks = new HashMap<>();
    private final Map<Integer, Long> shiftTicks = new HashMap<>();
    private UUID run;
    private long baseUs;
    private long mediaEndUs;
    /** The clock less the file's time, as it was told last. */
    private long toldUs;

    private int sequence;

    FragmentTimes(StreamFormat format) {
        this.format = format;
    }

    /** {@return which times of the file are which of the clock} */
    List<Anchor> anchors() {
        return List.copyOf(anchors);
    }

    /** Puts number and times of the file into a fragment's {@code moof}, which fills the buffer from position to limit. */
    void place(ByteBuffer moof, UUID runId, FragmentEntry entry) throws Mp4Exception {
        FragmentHeader header = FragmentHeader.parse(moof.duplicate());
        SampleTable lead = header.tracks().stream()
                .filter(table -> table.count() > 0)
                .findFirst()
                .orElseThrow(() -> new Mp4Exception("a fragment without access units"));
        // It is the one whose time by the clock the index tells.
        SampleTable first = header.first().orElse(lead);
        long mediaUs = us(lead, lead.decodeTime()[0]);
        if (run == null) {
            baseUs = entry.startUs();
        }
        boolean jumps = run == null || !run.equals(runId) || Math.abs(mediaUs - mediaEndUs) > JUMP_US;
        if (jumps) {
            anchor(header, us(first, first.decodeTime()[0]), entry.startUs());
        }
        // The clock tells when it is seen: pictures that overtake each other are decoded up to some hundred
        // milliseconds before.
        long fileUs = us(first, first.presentationTime()[0]) + shiftUs(first);
        if (jumps || Math.abs(entry.startUs() - fileUs - toldUs) > DRIFT_US_MAX) {
            anchors.add(new Anchor(fileUs / 1_000, Times.instant(entry.startUs())));
            toldUs = entry.startUs() - fileUs;
        }
        run = runId;
        mediaEndUs = us(lead, lead.endDecodeTime());
        for (SampleTable table : header.tracks()) {
            endTicks.put(table.trackId(), table.endDecodeTime() + shiftTicks.getOrDefault(table.trackId(), 0L));
        }
        patch(moof);
    }

    private void anchor(FragmentHeader header, long mediaUs, long wallUs) throws Mp4Exception {
        long shiftUs = wallUs - baseUs - mediaUs;
        for (SampleTable table : header.tracks()) {
            if (table.count() > 0) {
                long floorUs = us(table, endTicks.getOrDefault(table.trackId(), 0L));
                shiftUs = Math.max(shiftUs, floorUs - us(table, table.decodeTime()[0]));
            }
        }
        for (int i = 0; i < format.tracks().size(); i++) {
            shiftTicks.put(i + 1, ticks(shiftUs, format.tracks().get(i).clockRate()));
        }
        // Rounding must not let a track begin before it ended.
        for (SampleTable table : header.tracks()) {
            if (table.count() > 0) {
                long first = table.decodeTime()[0];
                long least = endTicks.getOrDefault(table.trackId(), 0L) - first;
                shiftTicks.merge(table.trackId(), least, Math::max);
            }
        }
    }

    private long shiftUs(SampleTable table) throws Mp4Exception {
        return us(table, shiftTicks.get(table.trackId()));
    }

    private long us(SampleTable table, long ticks) throws Mp4Exception {
        if (table.trackId() > format.tracks().size()) {
            throw new Mp4Exception("a fragment of a track that its file does not have");
        }
        long rate = format.tracks().get(table.trackId() - 1).clockRate();
        return Math.floorDiv(ticks, rate) * 1_000_000L + Math.floorMod(ticks, rate) * 1_000_000L / rate;
    }

    private static long ticks(long us, long rate) {
        return Math.floorDiv(us, 1_000_000L) * rate
                + Math.round(Math.floorMod(us, 1_000_000L) * (double) rate / 1_000_000);
    }

    /** Boxes were walked by the parser before: their sizes fit. */
    private void patch(ByteBuffer moof) throws Mp4Exception {
        int start = moof.position();
        if (moof.getInt(start + 4) != MOOF) {
            throw new Mp4Exception("not a moof box");
        }
        for (int at = start + 8; at < moof.limit(); at += moof.getInt(at)) {
            if (moof.getInt(at + 4) == MFHD) {
                moof.putInt(at + 12, ++sequence);
            } else if (moof.getInt(at + 4) == TRAF) {
                patchTrack(moof, at + 8, at + moof.getInt(at));
            }
        }
    }

    private void patchTrack(ByteBuffer moof, int from, int to) throws Mp4Exception {
        int track = 0;
        for (int at = from; at < to; at += moof.getInt(at)) {
            if (moof.getInt(at + 4) == TFHD) {
                track = moof.getInt(at + 12);
            } else if (moof.getInt(at + 4) == TFDT) {
                boolean wide = moof.getInt(at + 8) >>> 24 == 1;
                long time = wide ? moof.getLong(at + 12) : Integer.toUnsignedLong(moof.getInt(at + 12));
                long placed = time + shiftTicks.getOrDefault(track, 0L);
                if (wide) {
                    moof.putLong(at + 12, placed);
                } else if (placed >>> 32 == 0) {
                    moof.putInt(at + 12, (int) placed);
                } else {
                    throw new Mp4Exception("a time that does not fit into its box");
                }
            }
        }
    }
}
