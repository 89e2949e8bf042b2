// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.live.PumpRest;

/**
 * A stream's ring, from its newest key frame on. Who is overtaken by the ring's writer goes on at the newest key frame then;
 * the writer never notices. A hub that is exchanged is waited for.
 */
final class LiveSource implements Source {
    private final Supplier<StreamHub> hubs;
    private final StreamId stream;
    private final StreamFormat told;
    private StreamHub hub;
    private final PumpRest rest;
    private StreamReader reader;
    private boolean hung;
    private long run;
    private long skipped;
    private String end = "";

    /** @param told what the client was told of the stream */
    LiveSource(Supplier<StreamHub> hubs, StreamId stream, StreamFormat told) {
        this(hubs, stream, told, new PumpRest());
    }

    LiveSource(Supplier<StreamHub> hubs, StreamId stream, StreamFormat told, PumpRest rest) {
        this.rest = rest;
        this.hubs = hubs;
        this.stream = stream;
        this.told = told;
    }

    @Override
    public int next(Unit unit) {
        StreamHub now = hubs.get();
        if (now != hub) {
            close();
            hub = now;
        }
        if (hub == null) {
            return NOTHING;
        }
        if (reader == null) {
            reader = hub.openReader(stream, "live-rtsp", ReaderStart.NEWEST_KEY);
            hung = reader.ringAt(rest.bell(), false);
        }
        while (true) {
            switch (reader.poll()) {
                case StreamReader.ACCESS_UNIT -> {
                    if (!Formats.follows(reader.format(), told)) {
                        end = "the stream has become another: "
                                + reader.format().codecs();
                        return END;
                    }
                    if (copy(unit)) {
                        return UNIT;
                    }
                }
                case StreamReader.LAPPED -> reader.seekNewestKey();
                case StreamReader.RUN_START -> run++;
                case StreamReader.RUN_END -> {
                    // Another run may follow; who waits too long for it ends by himself.
                }
                case StreamReader.CLOSED -> {
                    // The stream was removed, or its hub goes: it is asked for anew, and the camera by the rights.
                    close();
                    return NOTHING;
                }
                default -> {
                    return NOTHING;
                }
            }
        }
    }

    @Override
    public void await(long tickNs) {
        rest.until(hung ? rest.nsMax() : tickNs, tickNs);
    }

    /** {@return whether the unit is whole; otherwise the next poll says that the reader was overtaken} */
    private boolean copy(Unit unit) {
        ByteBuffer room = unit.room(reader.length());
        if (room == null) {
            return false;
        }
        room.put(reader.data()).flip();
        unit.track = reader.track();
        unit.key = reader.key();
        unit.timestamp = reader.timestamp();
        unit.decodeTime = unit.timestamp;
        unit.wallUs = reader.wallUs();
        unit.run = run;
        unit.last = false;
        return reader.intact();
    }

    @Override
    public long skipped() {
        return skipped + (reader == null ? 0 : reader.skipped());
    }

    @Override
    public StreamId stream() {
        return stream;
    }

    @Override
    public StreamFormat format() {
        return reader.format();
    }

    @Override
    public String end() {
        return end;
    }

    @Override
    public void close() {
        if (reader != null) {
            skipped += reader.skipped();
            reader.close();
            reader = null;
            hung = false;
            run++;
        }
    }
}
