// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.nxvms.media.kit.rtp.AccessUnitSink;

/** Puts pictures, or frames of sound, together, one at a time, and hands each on. One thread. */
final class ReplayUnits implements AccessUnitSink {
    /** A key frame of a large picture has a tenth of that. */
    private static final int BYTES_MAX = 16 << 20;

    /**
     * A picture or a frame of sound.
     *
     * @param bytes until the next one begins
     * @param timestamp unwrapped
     */
    record Unit(ByteBuffer bytes, long timestamp, boolean key) {}

    private final Consumer<Unit> to;
    private final Runnable changed;
    private ByteBuffer unit = ByteBuffer.allocate(64 << 10);

    /** @param changed told when units of another format follow */
    ReplayUnits(Consumer<Unit> to, Runnable changed) {
        this.to = to;
        this.changed = changed;
    }

    @Override
    public boolean begin(boolean knownKey) {
        unit.clear();
        return true;
    }

    private boolean room(int bytes) {
        int needed = unit.position() + bytes;
        if (needed > BYTES_MAX) {
            return false;
        }
        if (needed > unit.capacity()) {
            int position = unit.position();
            unit = ByteBuffer.wrap(Arrays.copyOf(unit.array(), Math.min(BYTES_MAX, 2 * needed)))
                    .position(position);
        }
        return true;
    }

    @Override
    public boolean append(ByteBuffer source, int offset, int length) {
        boolean fits = room(length);
        if (fits) {
            unit.put(source.slice(offset, length));
        }
        return fits;
    }

    @Override
    public boolean appendInt(int value) {
        boolean fits = room(4);
        if (fits) {
            unit.putInt(value);
        }
        return fits;
    }

    @Override
    public boolean appendByte(int value) {
        boolean fits = room(1);
        if (fits) {
            unit.put((byte) value);
        }
        return fits;
    }

    @Override
    public int position() {
        return unit.position();
    }

    @Override
    public void putInt(int at, int value) {
        unit.putInt(at, value);
    }

    @Override
    public void commit(long timestamp, boolean key, boolean afterLoss) {
        to.accept(new Unit(unit.flip(), timestamp, key));
    }

    @Override
    public void abort() {
        unit.clear();
    }

    @Override
    public void formatChanged() {
        changed.run();
    }
}
