// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtp.SequenceTracker;

/** Puts packets together as a client does. */
final class Pictures implements AccessUnitSink {
    /** @param number that the picture says of itself */
    record Picture(int number, int bytes, long rtpTime, boolean key) {}

    private final AvcParameterSets sets = new AvcParameterSets();
    private final H264Depacketizer depacketizer = new H264Depacketizer(this, sets, true);
    private final SequenceTracker tracker = new SequenceTracker();
    private final RtpHeader header = new RtpHeader();
    private final List<Picture> pictures = new ArrayList<>();
    private final ByteBuffer unit = ByteBuffer.allocate(4 << 20);
    private int lost;

    void take(ByteBuffer packet) {
        if (!header.parse(packet, 0, packet.limit())) {
            throw new IllegalStateException("no RTP packet");
        }
        int missing = tracker.accept(header.sequence());
        lost += Math.max(0, missing);
        depacketizer.accept(packet, header, Math.max(0, missing));
    }

    RtpHeader header() {
        return header;
    }

    List<Picture> pictures() {
        return pictures;
    }

    AvcParameterSets sets() {
        return sets;
    }

    int lost() {
        return lost;
    }

    @Override
    public boolean begin(boolean knownKey) {
        unit.clear();
        return true;
    }

    @Override
    public boolean append(ByteBuffer source, int offset, int length) {
        unit.put(unit.position(), source, offset, length).position(unit.position() + length);
        return true;
    }

    @Override
    public boolean appendInt(int value) {
        unit.putInt(value);
        return true;
    }

    @Override
    public boolean appendByte(int value) {
        unit.put((byte) value);
        return true;
    }

    @Override
    public int position() {
        return unit.position();
    }

    @Override
    public void putInt(int at, int value) {
        unit.putInt(at, value);
    }

    @Override
    public void commit(long timestamp, boolean key, boolean afterLoss) {
        pictures.add(new Picture(unit.getInt(6), unit.position(), timestamp, key));
    }

    @Override
    public void abort() {
        unit.clear();
    }

    @Override
    public void formatChanged() {
        // The sets say which it is.
    }
}
