// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.mkv;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Reads Matroska as a player does: element by element, by RFC 8794. */
public final class PlainMkv {
    private static final Set<Integer> MASTERS = Set.of(
            0x1A45DFA3,
            0x18538067,
            0x114D9B74,
            0x4DBB,
            0x1549A966,
            0x1654AE6B,
            0xAE,
            0xE0,
            0xE1,
            0x1F43B675,
            0x1C53BB6B,
            0xBB,
            0xB7);
    private static final int SEGMENT = 0x18538067;
    private static final int CLUSTER = 0x1F43B675;

    /** An element that has no others within. */
    public record Leaf(int id, ByteBuffer content) {
        public long number() {
            long value = 0;
            for (int i = 0; i < content.remaining(); i++) {
                value = value << 8 | content.get(content.position() + i) & 0xFF;
            }
            return value;
        }
    }

    /** A block with its time in the file. */
    public record Block(int track, long timeMs, boolean key, ByteBuffer payload) {}

    public final List<Leaf> leaves = new ArrayList<>();
    public final List<Block> blocks = new ArrayList<>();
    /** Where each begins, from the first byte behind the segment's head. */
    public final List<Long> clusters = new ArrayList<>();

    /** Where each part of the segment begins, from there too, by its id. */
    public final Map<Integer, Long> parts = new HashMap<>();
    /** Of the segment's content; empty while it does not say. */
    public OptionalLong segmentBytes = OptionalLong.empty();

    /** Of what there is behind the segment's head. */
    public long bytes;

    private int segmentAt;
    private long clusterMs;

    public PlainMkv(byte[] file) {
        read(ByteBuffer.wrap(file));
        bytes = (long) file.length - segmentAt;
    }

    private void read(ByteBuffer in) {
        while (in.hasRemaining()) {
            int at = in.position();
            int id = vint(in, false).intValue();
            Long length = vint(in, true);
            parts.putIfAbsent(id, (long) at - segmentAt);
            if (id == SEGMENT) {
                segmentAt = in.position();
                segmentBytes = length == null ? OptionalLong.empty() : OptionalLong.of(length);
            } else if (id == CLUSTER) {
                clusters.add((long) at - segmentAt);
            }
            int bytes = length == null ? in.remaining() : Math.toIntExact(length);
            ByteBuffer content = in.slice(in.position(), bytes);
            // Positions of clusters are those of the whole file.
            if (MASTERS.contains(id)) {
                ByteBuffer within = in.duplicate().limit(in.position() + bytes);
                read(within);
            } else {
                leaf(new Leaf(id, content));
            }
            in.position(in.position() + bytes);
        }
    }

    private void leaf(Leaf leaf) {
        leaves.add(leaf);
        if (leaf.id() == 0xE7) {
            clusterMs = leaf.number();
        } else if (leaf.id() == 0xA3) {
            ByteBuffer in = leaf.content().duplicate();
            int track = vint(in, true).intValue();
            long timeMs = clusterMs + in.getShort();
            boolean key = (in.get() & 0x80) != 0;
            blocks.add(new Block(track, timeMs, key, in.slice()));
        }
    }

    /** {@return the number; null when it says that it is not known} */
    private static Long vint(ByteBuffer in, boolean unmarked) {
        int first = in.get() & 0xFF;
        int bytes = Integer.numberOfLeadingZeros(first) - 23;
        long value = unmarked ? first & (0xFF >> bytes) : first;
        for (int i = 1; i < bytes; i++) {
            value = value << 8 | in.get() & 0xFF;
        }
        return unmarked && value == (1L << 7 * bytes) - 1 ? null : value;
    }

    public List<Leaf> all(int id) {
        return leaves.stream().filter(leaf -> leaf.id() == id).toList();
    }
}
