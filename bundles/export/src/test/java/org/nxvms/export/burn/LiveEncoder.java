// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.burn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;
import org.nxvms.platform.api.worker.Transcoder;

/** Encodes nothing, but as a media process does as far as times go: a few pictures are in it, and each comes out behind the others. */
final class LiveEncoder implements Transcoder {
    private static final String SETS = "000000016742c01ed900a02ff97011000003000100000300320f162e480000000168cb83cb20";
    private static final int WITHIN = 3;
    private static final int KEY_EACH = 50;

    final List<Session> sessions = new CopyOnWriteArrayList<>();
    /** After how many pictures the n-th process is lost, and how. */
    final Deque<Integer> lostAfter = new ArrayDeque<>();

    SourceEnd loss = new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, "it crashed");

    /** One process. */
    final class Session implements TranscodeSession {
        final TranscodeRequest request;
        final Map<Long, String> captions = new TreeMap<>();
        final List<Long> given = new CopyOnWriteArrayList<>();
        private final SourceListener listener;
        private final int most;
        private final TreeMap<Long, Boolean> within = new TreeMap<>();
        private int sent;
        private boolean over;
        boolean closed;

        Session(TranscodeRequest request, SourceListener listener, int most) {
            this.request = request;
            this.listener = listener;
            this.most = most;
        }

        @Override
        public void caption(long timestamp, String text) {
            captions.put(timestamp, text);
        }

        @Override
        public void picture(boolean key, long timestamp, ByteBuffer data) throws IOException {
            if (given.isEmpty() && !key) {
                throw new AssertionError("what does not begin with a key frame cannot be decoded");
            }
            if (given.size() == most) {
                end(loss);
            }
            if (over) {
                throw new IOException("it is over");
            }
            given.add(timestamp);
            within.put(timestamp, key);
            if (within.size() > WITHIN) {
                send();
            }
        }

        private void send() {
            long timestamp = within.pollFirstEntry().getKey();
            if (timestamp >= request.fromTimestamp()) {
                boolean key = sent++ % KEY_EACH == 0;
                listener.unit(
                        0,
                        key ? SourceListener.KEY : 0,
                        timestamp,
                        ByteBuffer.wrap(
                                HexFormat.of().parseHex((key ? SETS + "0000000165" : "0000000141") + "88ffffffff")));
            }
        }

        @Override
        public void sound(long timestamp, ByteBuffer data) {
            throw new UnsupportedOperationException("sound is copied");
        }

        @Override
        public void finish() {
            while (!over && !within.isEmpty()) {
                send();
            }
            end(new SourceEnd(DriverException.Kind.CLOSED, GapCause.UNKNOWN, "finished"));
        }

        private void end(SourceEnd how) {
            if (!over) {
                over = true;
                listener.ended(how);
            }
        }

        @Override
        public void close() {
            closed = true;
            end(new SourceEnd(DriverException.Kind.CLOSED, GapCause.MAINTENANCE, "closed"));
        }
    }

    @Override
    public TranscodeSession transcode(TranscodeRequest request, SourceListener listener) {
        Integer most = lostAfter.poll();
        Session session = new Session(request, listener, most == null ? -1 : most);
        sessions.add(session);
        return session;
    }
}
