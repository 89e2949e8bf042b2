// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;

/** Walks the boxes between two positions of a buffer without leaving them. One thread at a time. */
final class BoxCursor {
    private final ByteBuffer in;
    private final int end;
    private int next;
    private int type;
    private int body;

    BoxCursor(ByteBuffer in, int start, int end) {
        this.in = in;
        this.next = start;
        this.end = end;
    }

    /** Moves to the next box; {@return false behind the last} */
    boolean next() throws Mp4Exception {
        if (next == end) {
            return false;
        }
        if (end - next < 8) {
            throw new Mp4Exception((end - next) + " bytes left where a box should begin");
        }
        int start = next;
        long size = Integer.toUnsignedLong(in.getInt(start));
        type = in.getInt(start + 4);
        body = start + 8;
        if (size == 1) {
            if (end - start < 16) {
                throw new Mp4Exception("box " + Boxes.name(type) + " breaks off in its header");
            }
            size = in.getLong(start + 8);
            body = start + 16;
        }
        if (size < body - start || size > end - start) {
            throw new Mp4Exception(
                    "box " + Boxes.name(type) + " claims " + size + " bytes, " + (end - start) + " are there");
        }
        next = start + (int) size;
        return true;
    }

    int type() {
        return type;
    }

    /** {@return the absolute position of the body} */
    int body() {
        return body;
    }

    /** {@return the absolute position behind the box} */
    int end() {
        return next;
    }

    BoxCursor children() {
        return new BoxCursor(in, body, next);
    }

    /** The children behind {@code skip} bytes of fields. */
    BoxCursor childrenAfter(int skip) {
        return new BoxCursor(in, body + skip, next);
    }

    /** A view of the body from {@code skip} bytes in, big-endian, position 0. */
    ByteBuffer content(int skip) throws Mp4Exception {
        if (next - body < skip) {
            throw new Mp4Exception("box " + Boxes.name(type) + " of " + (next - body) + " bytes is too short");
        }
        return in.slice(body + skip, next - body - skip);
    }

    /** As {@link #content}, refusing a body shorter than {@code skip + needed}. */
    ByteBuffer content(int skip, int needed) throws Mp4Exception {
        ByteBuffer content = content(skip);
        if (content.remaining() < needed) {
            throw new Mp4Exception("box " + Boxes.name(type) + " of " + (next - body) + " bytes is too short");
        }
        return content;
    }
}
