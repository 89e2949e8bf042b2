// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * Motion JPEG over RTP (RFC 2435): the scan in fragments, its header made from a few numbers. Types 0 and 1 and, with restart
 * markers, 64 and 65; every other type is not defined by the RFC and is dropped. Each picture is a key frame; one with a hole
 * is dropped, the next one is whole again.
 */
public final class JpegDepacketizer extends WholeUnits {
    private static final int MAIN_HEADER_BYTES = 8;
    private static final int RESTART_HEADER_BYTES = 4;
    private static final int TABLE_HEADER_BYTES = 4;
    private static final int RESTART_TYPES = 64;
    private static final int EOI = 0xFFD9;

    private final JpegPicture picture;
    private final JpegHeader header = new JpegHeader();

    private int nextOffset;
    private int lastBytes;
    private boolean committed;

    /** @param picture told the size of each picture */
    public JpegDepacketizer(AccessUnitSink sink, JpegPicture picture) {
        super(sink);
        this.picture = picture;
    }

    @Override
    public void accept(ByteBuffer in, RtpHeader packet, int lost) {
        long time = clock.unwrap(packet.timestamp());
        if (lost > 0) {
            afterLoss = true;
            drop();
        } else if (open && time != timestamp) {
            // Nothing is missing, so the picture is whole: this camera does not set the marker.
            markerMissing = true;
            finish();
        }
        int at = packet.payloadOffset();
        int end = at + packet.payloadLength();
        if (end - at < MAIN_HEADER_BYTES) {
            damaged();
            return;
        }
        int offset = in.getInt(at) & 0xFF_FFFF;
        int type = in.get(at + 4) & 0xFF;
        int headers = MAIN_HEADER_BYTES + (type >= RESTART_TYPES ? RESTART_HEADER_BYTES : 0);
        if ((type & ~RESTART_TYPES) > 1 || end - at < headers) {
            damaged();
            return;
        }
        int data = at + headers;
        if (offset == 0) {
            drop();
            data = begin(in, packet, data, end, time);
        }
        if (!open) {
            return;
        }
        if (offset != nextOffset || !sink.append(in, data, end - data)) {
            damaged();
            return;
        }
        nextOffset += end - data;
        remember(in, data, end);
        if (packet.marker()) {
            finish();
        }
    }

    /** The first fragment: everything the header needs. {@return where the scan's bytes begin} */
    private int begin(ByteBuffer in, RtpHeader packet, int from, int end, long time) {
        int main = packet.payloadOffset();
        int type = in.get(main + 4) & 0xFF;
        int q = in.get(main + 5) & 0xFF;
        int restartInterval = type >= RESTART_TYPES ? in.getShort(main + MAIN_HEADER_BYTES) & 0xFFFF : 0;
        int data = from;
        header.clear();
        if (packet.extensionProfile() == JpegHeader.EXTENSION_SOI) {
            header.extend(in, packet.extensionOffset(), packet.extensionLength());
        }
        if (q >= JpegHeader.Q_DYNAMIC) {
            int length = end - data < TABLE_HEADER_BYTES ? -1 : in.getShort(data + 2) & 0xFFFF;
            if (length < 0 || length > end - data - TABLE_HEADER_BYTES) {
                dropped++;
                return data;
            }
            header.tables(in, q, in.get(data + 1), data + TABLE_HEADER_BYTES, length);
            data += TABLE_HEADER_BYTES + length;
        }
        boolean changed = header.hasFrame()
                ? picture.offer(header.frameWidth(), header.frameHeight())
                : picture.offerBlocks(in.get(main + 6) & 0xFF, in.get(main + 7) & 0xFF);
        if (!picture.complete()
                || !header.write((type & 1) != 0, q, picture.width(), picture.height(), restartInterval)) {
            dropped++;
            return data;
        }
        if (changed) {
            sink.formatChanged();
        }
        timestamp = time;
        nextOffset = 0;
        lastBytes = 0;
        open = sink.begin(true);
        if (!open || !sink.append(header.bytes(), 0, header.bytes().position())) {
            damaged();
        }
        return data;
    }

    private void remember(ByteBuffer in, int data, int end) {
        for (int i = Math.max(data, end - 2); i < end; i++) {
            lastBytes = (lastBytes << 8 | in.get(i) & 0xFF) & 0xFFFF;
        }
    }

    private void finish() {
        boolean whole = lastBytes == EOI || sink.appendByte(EOI >> 8) && sink.appendByte(EOI);
        if (!whole) {
            damaged();
            return;
        }
        open = false;
        sink.commit(timestamp, true, afterLoss && committed);
        committed = true;
        afterLoss = false;
    }

    private void damaged() {
        if (open) {
            drop();
        } else {
            dropped++;
        }
        afterLoss = true;
    }
}
