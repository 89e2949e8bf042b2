// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.nxvms.media.Codec;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.event.EventPublisher;

/** Reads along with one stream and takes the documents out of it. By one thread. */
final class SceneReader implements AutoCloseable {
    static final String NAME = "scene";
    /** So many access units in one look; who lags behind so far goes on with the newest. */
    private static final int POLLS_MAX = 2_000;
    /** As long as a document that the ingest takes. */
    private static final int DOCUMENT_BYTES_MAX = 64 << 10;
    /** Documents that are read in one look; of a device that sends more, the newest count. */
    private static final int DOCUMENTS_MAX = 10;

    private final StreamReader reader;
    private final SceneStates states;
    private boolean[] metadata = new boolean[0];
    private boolean closed;

    SceneReader(StreamHub hub, StreamId stream, Supplier<EventPublisher> publisher) {
        this.reader = hub.openReader(stream, NAME, ReaderStart.NEXT);
        this.states = new SceneStates(stream.cameraId(), publisher);
    }

    static boolean hasMetadata(StreamFormat format) {
        return format.tracks().stream().anyMatch(track -> track.codec() == Codec.ONVIF_METADATA);
    }

    /** {@return whether it can go on} */
    boolean look(long nowMs) {
        int documents = 0;
        for (int polls = 0; polls < POLLS_MAX && !closed; polls++) {
            int kind = reader.poll();
            if (kind == StreamReader.EMPTY) {
                break;
            }
            if (kind == StreamReader.CLOSED) {
                closed = true;
            } else if (kind == StreamReader.RUN_START) {
                formatIs(reader.format());
            } else if (kind == StreamReader.ACCESS_UNIT) {
                boolean wanted = isMetadata(reader.track())
                        && reader.length() <= DOCUMENT_BYTES_MAX
                        && documents < DOCUMENTS_MAX;
                if (wanted) {
                    documents++;
                    take(nowMs);
                }
            }
        }
        states.look(nowMs);
        return !closed;
    }

    private boolean isMetadata(int track) {
        if (metadata.length == 0) {
            formatIs(reader.format());
        }
        return track < metadata.length && metadata[track];
    }

    private void formatIs(StreamFormat format) {
        metadata = new boolean[format.tracks().size()];
        for (int i = 0; i < metadata.length; i++) {
            metadata[i] = format.tracks().get(i).codec() == Codec.ONVIF_METADATA;
        }
    }

    private void take(long nowMs) {
        ByteBuffer data = reader.data();
        byte[] document = new byte[data.remaining()];
        data.get(document);
        if (reader.intact()) {
            states.take(SceneDocument.parse(document), nowMs, reader.wallUs());
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
