// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * What is known of a segment: how each of its key frames differs from the one before. Immutable; lies in one array, in which what
 * comes later is put behind: mostly zeros, so that five minutes of a yard take a few kilobytes.
 *
 * <pre>
 *   header: key frames looked at (4), whether all of them (1)
 *   blocks: steps (4), length of their grids (4), of each step from, to (8, 8) and height (1), grids (deflated)
 * </pre>
 */
final class SegmentMotion {
    /** Nobody has looked. */
    static final SegmentMotion UNKNOWN = new SegmentMotion(new byte[] {0, 0, 0, 0, 0});

    private static final int HEADER_BYTES = 5;
    private static final int STEP_BYTES = 17;
    private static final int BUFFER_BYTES = 8_192;

    private final byte[] bytes;

    /**
     * One key frame and what changed since the one before.
     *
     * @param grid see {@link Change#between}
     */
    record Step(long fromUs, long toUs, byte[] grid) {}

    /** Is told of each step. */
    @FunctionalInterface
    interface Heights {
        /** @param height of the whole picture, or of what was asked for of it, see {@link Cells#height} */
        void step(long fromUs, long toUs, int height);
    }

    /** Is told of each step. */
    @FunctionalInterface
    interface Grids {
        /** @param offset where its cells begin; valid during the call */
        void step(long fromUs, long toUs, byte[] grids, int offset);
    }

    private SegmentMotion(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes what {@link #toBytes} gave. */
    static SegmentMotion of(byte[] bytes) {
        return new SegmentMotion(bytes);
    }

    /** For a cache; not to be changed. */
    byte[] toBytes() {
        return bytes;
    }

    /** {@return how many key frames were looked at} */
    int keys() {
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** {@return whether nothing is to come} */
    boolean isWhole() {
        return bytes[4] != 0;
    }

    /** {@return the same with more of it} */
    SegmentMotion and(List<Step> steps, int keys, boolean whole) {
        byte[] block = steps.isEmpty() ? new byte[0] : block(steps);
        return new SegmentMotion(ByteBuffer.allocate(bytes.length + block.length)
                .put(bytes)
                .put(block)
                .putInt(0, keys)
                .put(4, (byte) (whole ? 1 : 0))
                .array());
    }

    private static byte[] block(List<Step> steps) {
        Cells all = Cells.of(List.of());
        byte[] grids = new byte[steps.size() * Change.CELLS];
        ByteBuffer table = ByteBuffer.allocate(steps.size() * STEP_BYTES);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            System.arraycopy(step.grid(), 0, grids, i * Change.CELLS, Change.CELLS);
            table.putLong(step.fromUs()).putLong(step.toUs()).put((byte) all.height(all.changed(step.grid(), 0)));
        }
        byte[] packed = deflate(grids);
        return ByteBuffer.allocate(8 + table.capacity() + packed.length)
                .putInt(steps.size())
                .putInt(packed.length)
                .put(table.array())
                .put(packed)
                .array();
    }

    /** Tells all steps, in their order, with what of some cells moved. */
    void heights(Cells some, Heights told) {
        grids(0, (fromUs, toUs, grids, offset) -> told.step(fromUs, toUs, some.height(some.changed(grids, offset))));
    }

    /** Tells all steps, in their order. */
    void heights(Heights told) {
        ByteBuffer in = ByteBuffer.wrap(bytes).position(HEADER_BYTES);
        while (in.hasRemaining()) {
            int count = in.getInt();
            int packed = in.getInt();
            for (int i = 0; i < count; i++) {
                told.step(in.getLong(), in.getLong(), in.get() & 0xff);
            }
            in.position(in.position() + packed);
        }
    }

    /** Tells the steps behind the first so many, in their order; {@return how many there are in all} */
    int grids(int skipped, Grids told) {
        ByteBuffer in = ByteBuffer.wrap(bytes).position(HEADER_BYTES);
        int at = 0;
        while (in.hasRemaining()) {
            int count = in.getInt();
            int packed = in.getInt();
            int table = in.position();
            int begin = table + count * STEP_BYTES;
            if (at + count > skipped) {
                byte[] grids = inflate(begin, packed, count * Change.CELLS);
                for (int i = Math.max(0, skipped - at); i < count; i++) {
                    int row = table + i * STEP_BYTES;
                    told.step(in.getLong(row), in.getLong(row + 8), grids, i * Change.CELLS);
                }
            }
            at += count;
            in.position(begin + packed);
        }
        return at;
    }

    private static byte[] deflate(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER_BYTES);
            byte[] buffer = new byte[BUFFER_BYTES];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private byte[] inflate(int offset, int length, int plainBytes) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes, offset, length);
            byte[] plain = new byte[plainBytes];
            int at = 0;
            while (at < plainBytes && !inflater.finished()) {
                at += inflater.inflate(plain, at, plainBytes - at);
            }
            return plain;
        } catch (DataFormatException e) {
            throw new IllegalStateException("what this class deflated does not inflate", e);
        } finally {
            inflater.end();
        }
    }
}
