// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;

/** What FFmpeg complains of: the last error for the sentence people read, the rest as one line a second for the server's log. */
final class LogTap extends LogCallback {
    private static final long LINE_NS = 1_000_000_000L;
    private static final int CHARS_MAX = 300;
    /** {@code [http @ 0x55d0c3]}: who says it, with an address that is another one each time. */
    private static final Pattern SPEAKER = Pattern.compile("\\[([\\w, ]+) @ 0x[0-9a-f]+\\] ?");

    private static final Pattern USER_INFORMATION = Pattern.compile("(?<=://)[^/\\s@]*@");

    private final FrameWriter out;
    private volatile String hidden = "";
    private volatile String hiddenEncoded = "";
    private String lastError = "";
    private long lastLineNs = System.nanoTime() - LINE_NS;
    private int suppressed;

    LogTap(FrameWriter out) {
        this.out = out;
    }

    void install() {
        avutil.av_log_set_level(avutil.AV_LOG_WARNING);
        avutil.setLogCallback(this);
    }

    /** A secret that must not appear in any line. */
    void hide(String secret) {
        hidden = secret;
        hiddenEncoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    }

    /** {@return FFmpeg's last error since the last call, empty when there was none} */
    synchronized String takeLastError() {
        String error = lastError;
        lastError = "";
        return error;
    }

    @Override
    public void call(int level, BytePointer message) {
        if (level <= avutil.AV_LOG_WARNING) {
            line(level, message.getString());
        }
    }

    private synchronized void line(int level, String text) {
        String clean = clean(text);
        if (clean.isEmpty()) {
            return;
        }
        if (level <= avutil.AV_LOG_ERROR) {
            lastError = clean;
        }
        long now = System.nanoTime();
        if (now - lastLineNs < LINE_NS) {
            suppressed++;
            return;
        }
        lastLineNs = now;
        String more = suppressed == 0 ? "" : " (and " + suppressed + " more lines)";
        suppressed = 0;
        try {
            out.write(FrameType.LOG, new Body().text(clean + more).toBytes());
        } catch (IOException serverGone) {
            // The main thread notices it too.
        }
    }

    String clean(String text) {
        String clean = USER_INFORMATION.matcher(text.strip()).replaceAll("");
        clean = SPEAKER.matcher(clean).replaceAll("$1: ");
        if (!hidden.isEmpty()) {
            clean = clean.replace(hidden, "***").replace(hiddenEncoded, "***");
        }
        return clean.length() <= CHARS_MAX ? clean : clean.substring(0, CHARS_MAX) + "...";
    }
}
