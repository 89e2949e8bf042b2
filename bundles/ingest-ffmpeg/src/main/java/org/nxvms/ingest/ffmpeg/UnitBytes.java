// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.ByteBuffer;
import org.nxvms.media.StreamWriter;

/** Where the bytes of an access unit go. */
interface UnitBytes {
    /** Takes what remains of {@code bytes} and consumes it. {@return false when there is no room} */
    boolean append(ByteBuffer bytes);

    boolean appendInt(int value);

    /** Into the ring. */
    record Ring(StreamWriter writer) implements UnitBytes {
        @Override
        public boolean append(ByteBuffer bytes) {
            return writer.append(bytes);
        }

        @Override
        public boolean appendInt(int value) {
            return writer.appendInt(value);
        }
    }

    /** Nowhere: a probe only looks. */
    UnitBytes NOWHERE = new UnitBytes() {
        @Override
        public boolean append(ByteBuffer bytes) {
            bytes.position(bytes.limit());
            return true;
        }

        @Override
        public boolean appendInt(int value) {
            return true;
        }
    };
}
