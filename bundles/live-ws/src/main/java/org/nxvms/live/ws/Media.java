// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.nio.ByteBuffer;

/**
 * Bytes of one feed, which many viewers share. Before them stands the feed's number in four bytes: where several cameras come over
 * one socket it says whose they are, and nobody needs a copy with a number of its own.
 */
final class Media {
    static final int NUMBER_BYTES = 4;

    private final ByteBuffer numbered;

    private Media(ByteBuffer numbered) {
        this.numbered = numbered;
    }

    /** Takes over a buffer whose first bytes are left free for the number. */
    static Media of(int feed, ByteBuffer withRoom) {
        return new Media(withRoom.putInt(withRoom.position(), feed));
    }

    /** {@return a buffer of one's own over the bytes that all share, without the number} */
    ByteBuffer bytes() {
        return numbered.duplicate().position(numbered.position() + NUMBER_BYTES);
    }

    /** {@return the same with the number before it} */
    ByteBuffer numbered() {
        return numbered.duplicate();
    }

    /** {@return bytes without the number} */
    int length() {
        return numbered.remaining() - NUMBER_BYTES;
    }
}
