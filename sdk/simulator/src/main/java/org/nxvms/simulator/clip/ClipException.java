// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.io.IOException;
import org.bytedeco.javacpp.BytePointer;

/** The clip could not be made. */
public final class ClipException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int TEXT_MAX = 256;

    ClipException(String message) {
        super(message);
    }

    ClipException(String message, Throwable cause) {
        super(message, cause);
    }

    /** True if the codec wants input before it gives more output, or has given all. */
    static boolean isTryLater(int result) {
        return result == AVERROR_EAGAIN() || result == AVERROR_EOF();
    }

    static void check(int result, String what) throws ClipException {
        if (result < 0) {
            byte[] text = new byte[TEXT_MAX];
            av_strerror(result, text, TEXT_MAX);
            try (BytePointer pointer = new BytePointer(text)) {
                throw new ClipException("could not " + what + ": " + pointer.getString());
            }
        }
    }
}
