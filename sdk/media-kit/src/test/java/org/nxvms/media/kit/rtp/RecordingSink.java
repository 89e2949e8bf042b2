// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps every access unit and checks that it is called in the order it was promised. */
final class RecordingSink implements AccessUnitSink {
    record Unit(byte[] bytes, long timestamp, boolean key, boolean afterLoss) {
        @Override
        public String toString() {
            return timestamp + (key ? "K" : "") + (afterLoss ? "L" : "") + "#" + bytes.length;
        }
    }

    final List<Unit> units = new ArrayList<>();
    int formatChanges;
    private final ByteBuffer buffer;
    private boolean open;

    RecordingSink(int unitBytesMax) {
        buffer = ByteBuffer.allocate(unitBytesMax);
    }

    @Override
    public boolean begin(boolean knownKey) {
        mustBeOpen(false);
        open = true;
        buffer.clear();
        return true;
    }

    @Override
    public boolean append(ByteBuffer source, int offset, int length) {
        mustBeOpen(true);
        if (buffer.remaining() < length) {
            return false;
        }
        buffer.put(buffer.position(), source, offset, length);
        buffer.position(buffer.position() + length);
        return true;
    }

    @Override
    public boolean appendInt(int value) {
        mustBeOpen(true);
        if (buffer.remaining() < 4) {
            return false;
        }
        buffer.putInt(value);
        return true;
    }

    @Override
    public boolean appendByte(int value) {
        mustBeOpen(true);
        if (!buffer.hasRemaining()) {
            return false;
        }
        buffer.put((byte) value);
        return true;
    }

    @Override
    public int position() {
        return buffer.position();
    }

    @Override
    public void putInt(int at, int value) {
        mustBeOpen(true);
        buffer.putInt(at, value);
    }

    @Override
    public void commit(long timestamp, boolean key, boolean afterLoss) {
        mustBeOpen(true);
        open = false;
        units.add(new Unit(Arrays.copyOf(buffer.array(), buffer.position()), timestamp, key, afterLoss));
    }

    @Override
    public void abort() {
        mustBeOpen(true);
        open = false;
    }

    @Override
    public void formatChanged() {
        mustBeOpen(false);
        formatChanges++;
    }

    private void mustBeOpen(boolean expected) {
        if (open != expected) {
            throw new IllegalStateException("a unit is " + (open ? "" : "not ") + "open");
        }
    }
}
