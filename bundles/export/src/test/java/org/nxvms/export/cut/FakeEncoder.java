// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;
import org.nxvms.platform.api.worker.Transcoder;

/** Encodes as a media process does, as far as the outside goes: in the order of showing, its first picture a key frame with sets. */
public final class FakeEncoder implements Transcoder {
    /** Of pictures that are no H.264: 640 x 360. */
    private static final String SPS = "6742c01ed900a02ff97011000003000100000300320f162e48";

    private static final String PPS = "68cb83cb20";
    private static final String START = "00000001";

    public final List<Session> sessions = new CopyOnWriteArrayList<>();
    /** How the next ones end, instead of encoding. */
    public final Queue<SourceEnd> losses = new ConcurrentLinkedQueue<>();

    /** A picture that was given. */
    public record Given(boolean key, long timestamp, byte[] data) {}

    /** One process. */
    public final class Session implements TranscodeSession {
        public final TranscodeRequest request;
        public final List<Given> given = new CopyOnWriteArrayList<>();
        /** What was to be written into which picture. */
        public final Map<Long, String> captions = new ConcurrentHashMap<>();

        private final SourceListener listener;
        private boolean over;

        Session(TranscodeRequest request, SourceListener listener) {
            this.request = request;
            this.listener = listener;
        }

        @Override
        public void picture(boolean key, long timestamp, ByteBuffer data) throws IOException {
            if (!losses.isEmpty()) {
                end(losses.remove());
            }
            if (over) {
                throw new IOException("it is over");
            }
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            given.add(new Given(key, timestamp, bytes));
        }

        @Override
        public void caption(long timestamp, String text) {
            captions.put(timestamp, text);
        }

        @Override
        public void sound(long timestamp, ByteBuffer data) {
            throw new UnsupportedOperationException("edges have pictures only");
        }

        @Override
        public void finish() {
            List<Long> shown = new ArrayList<>(given.stream()
                    .map(Given::timestamp)
                    .filter(timestamp -> timestamp >= request.fromTimestamp())
                    .sorted()
                    .toList());
            for (int i = 0; i < shown.size(); i++) {
                listener.unit(0, i == 0 ? SourceListener.KEY : 0, shown.get(i), packet(i == 0));
            }
            end(new SourceEnd(DriverException.Kind.CLOSED, GapCause.UNKNOWN, "finished"));
        }

        private ByteBuffer packet(boolean key) {
            String sets = key ? START + sps() + START + PPS : "";
            return ByteBuffer.wrap(
                    HexFormat.of().parseHex(sets + START + (key ? "65" : "41") + "88ffffffffffffffffffffffff"));
        }

        /** As large as the camera's pictures are. */
        private String sps() {
            try {
                return HexFormat.of()
                        .formatHex(AvcConfig.parse(request.picture().configuration())
                                .sps()
                                .get(0));
            } catch (NalException otherCodec) {
                return SPS;
            }
        }

        private void end(SourceEnd how) {
            if (!over) {
                over = true;
                listener.ended(how);
            }
        }

        @Override
        public void close() {
            end(new SourceEnd(DriverException.Kind.CLOSED, GapCause.MAINTENANCE, "closed"));
        }
    }

    @Override
    public TranscodeSession transcode(TranscodeRequest request, SourceListener listener) {
        Session session = new Session(request, listener);
        sessions.add(session);
        return session;
    }
}
