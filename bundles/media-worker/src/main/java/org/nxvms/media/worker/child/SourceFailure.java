// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avutil;
import org.nxvms.media.worker.wire.EndReason;

/** A source that cannot be opened or read any further: FFmpeg's error number as a reason and a sentence. */
final class SourceFailure extends Exception {
    private static final long serialVersionUID = 1L;

    // AVERROR(errno) of Linux.
    private static final int ENOENT = -2;
    private static final int EIO = -5;
    private static final int EACCES = -13;
    private static final int EBUSY = -16;
    private static final int ENODEV = -19;
    private static final int ECONNRESET = -104;
    private static final int ECONNREFUSED = -111;
    private static final int ETIMEDOUT = -110;
    private static final int EHOSTUNREACH = -113;
    private static final int ENETUNREACH = -101;

    private final EndReason reason;

    SourceFailure(EndReason reason, String sentence) {
        super(sentence);
        this.reason = reason;
    }

    /** @param complaint FFmpeg's last error line, may be empty */
    static SourceFailure of(int error, String what, String complaint) {
        EndReason reason = reason(error);
        String why =
                switch (error) {
                    case ECONNREFUSED -> "the connection was refused; check address and port";
                    case EHOSTUNREACH, ENETUNREACH -> "there is no route to the host";
                    case ETIMEDOUT -> "the host does not answer";
                    case ECONNRESET -> "the host closed the connection";
                    case ENOENT -> "there is no such file";
                    case EACCES -> "this server may not read it";
                    case EBUSY -> "another program uses it";
                    case ENODEV -> "the device is gone";
                    default ->
                        error == avutil.AVERROR_INVALIDDATA
                                ? "what it sends is no media this server reads; check the path of the address"
                                : words(error);
                };
        // An error number such as "Input/output error" says little; FFmpeg's own complaint says more.
        boolean vague = error == EIO || error == avutil.AVERROR_EXTERNAL;
        return new SourceFailure(reason, what + ": " + (vague && !complaint.isEmpty() ? complaint : why));
    }

    private static EndReason reason(int error) {
        if (error == avutil.AVERROR_HTTP_UNAUTHORIZED || error == avutil.AVERROR_HTTP_FORBIDDEN) {
            return EndReason.AUTH;
        }
        if (error == avutil.AVERROR_HTTP_NOT_FOUND
                || error == avutil.AVERROR_HTTP_BAD_REQUEST
                || error == avutil.AVERROR_HTTP_OTHER_4XX
                || error == ENOENT
                || error == EACCES) {
            return EndReason.NOT_FOUND;
        }
        if (error == EBUSY
                || error == avutil.AVERROR_HTTP_TOO_MANY_REQUESTS
                || error == avutil.AVERROR_HTTP_SERVER_ERROR) {
            return EndReason.BUSY;
        }
        if (error == avutil.AVERROR_INVALIDDATA) {
            return EndReason.PROTOCOL;
        }
        if (error == avutil.AVERROR_DECODER_NOT_FOUND
                || error == avutil.AVERROR_DEMUXER_NOT_FOUND
                || error == avutil.AVERROR_PROTOCOL_NOT_FOUND) {
            return EndReason.UNSUPPORTED;
        }
        return EndReason.UNREACHABLE;
    }

    private static String words(int error) {
        byte[] text = new byte[128];
        avutil.av_strerror(error, text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }

    EndReason reason() {
        return reason;
    }
}
