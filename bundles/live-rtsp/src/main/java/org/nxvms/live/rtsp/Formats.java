// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;

/** Formats of footage by the id of its initialisation segment. One thread. */
final class Formats {
    /** A camera changes its format seldom. */
    private static final int KEPT_MAX = 16;

    private final Supplier<Archive> archive;
    private final Map<String, StreamFormat> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, StreamFormat> eldest) {
            return size() > KEPT_MAX;
        }
    };

    Formats(Supplier<Archive> archive) {
        this.archive = archive;
    }

    StreamFormat of(String initId) throws IOException {
        StreamFormat format = known.get(initId);
        if (format == null) {
            byte[] init = archive.get()
                    .init(initId)
                    .orElseThrow(() -> new IOException("the initialisation segment " + initId + " is gone"));
            try {
                format = InitReader.read(ByteBuffer.wrap(init)).format();
            } catch (Mp4Exception e) {
                throw new IOException("the initialisation segment " + initId + " is damaged: " + e.getMessage(), e);
            }
            known.put(initId, format);
        }
        return format;
    }

    /** {@return whether a client can go on who was told the one}: parameter sets of pictures are sent within the stream */
    static boolean follows(StreamFormat is, StreamFormat told) {
        if (is == told) {
            return true;
        }
        if (is.tracks().size() != told.tracks().size()) {
            return false;
        }
        for (int i = 0; i < is.tracks().size(); i++) {
            if (!follows(is.tracks().get(i), told.tracks().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean follows(TrackFormat is, TrackFormat told) {
        boolean within = is.codec() == Codec.H264 || is.codec() == Codec.HEVC || is.codec() == Codec.MJPEG;
        return within ? is.codec() == told.codec() && is.clockRate() == told.clockRate() : is.equals(told);
    }
}
