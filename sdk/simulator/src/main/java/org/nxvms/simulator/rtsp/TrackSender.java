// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtp.PacketTrack;
import org.nxvms.simulator.rtp.TrackFormat;

/**
 * Puts one track's packets into a buffer, with this session's sequence numbers, timestamps and SSRC.
 *
 * <p>Over UDP a frame's channel is {@code 2 * track} (RTP) or one more (RTCP); {@link Playback} strips it.
 */
final class TrackSender {
    private static final long REPORT_NANOS = 5_000_000_000L;
    private static final byte[] CNAME = "simulated-camera".getBytes(StandardCharsets.US_ASCII);
    private static final int REPORT_BYTES = 28;
    /** The current unit is a picture that is being encoded. */
    static final int NOT_MADE = -1;
    /** A second of a small picture and of sound alike is more. */
    private static final int WRAP_PACKETS = 20;

    private final Camera camera;
    private final Camera.Role role;
    private final Transport transport;
    private final int channel;
    private final int ssrc;
    private int timestampBase;
    private final PacketFaults packetFaults;
    private final PictureChoice choice;
    private PacketTrack track;
    private boolean begun;
    private long frozenUnit = -1;
    private long unit;
    private int packet;
    private int sequence;
    private long packetsSent;
    private long octetsSent;
    private long nextReportNano;

    TrackSender(Camera camera, Camera.Role role, int trackNumber, Transport transport, Random random) {
        this.camera = camera;
        this.role = role;
        this.transport = transport;
        this.track = camera.tracks(role).get(trackNumber);
        this.choice = new PictureChoice(track);
        this.channel = transport.isUdp() ? trackNumber * 2 : transport.channel();
        this.ssrc = random.nextInt();
        this.timestampBase = random.nextInt();
        this.sequence = random.nextInt() & 0xffff;
        this.packetFaults = new PacketFaults(camera.number() * 31L + trackNumber);
    }

    Transport transport() {
        return transport;
    }

    TrackFormat format() {
        return track.format();
    }

    PacketTrack track() {
        return track;
    }

    int ssrc() {
        return ssrc;
    }

    int sequence() {
        return sequence;
    }

    long unit() {
        return unit;
    }

    /** When the current unit is due, on the camera's time axis. */
    long unitNanos() {
        return track.format().unitNanos(unit);
    }

    void seek(long newUnit) {
        unit = newUnit;
        packet = 0;
        if (!begun && camera.faultSet().has(FaultKind.WRAP)) {
            sequence = 0x10000 - WRAP_PACKETS;
            timestampBase =
                    (int) (-track.format().clockRate() - unit * track.format().unitTicks());
        }
        begun = true;
        nextReportNano = Long.MIN_VALUE;
        choice.begin();
        watch();
    }

    private void watch() {
        if (track.format().isVideo()) {
            camera.shown(role).watched(camera.clock().nano(unitNanos()));
        }
    }

    int timestamp() {
        TrackFormat format = track.format();
        boolean frozen = camera.faultSet().has(FaultKind.TIMESTAMP_FREEZE);
        frozenUnit = !frozen ? -1 : frozenUnit < 0 ? unit : frozenUnit;
        long shown = frozen ? frozenUnit : unit;
        return timestampBase + (int) (shown * format.unitTicks() + camera.timestampJumpSeconds() * format.clockRate());
    }

    /** {@return the time stamp of a moment of the stream that is not far from the unit in hand} */
    int timestampAt(long streamNanos) {
        return timestamp() + (int) ((streamNanos - unitNanos()) * format().clockRate() / 1_000_000_000);
    }

    /**
     * Puts the rest of the current unit, but at most {@code packetsMax} packets; returns how many, or {@link #NOT_MADE}.
     */
    int send(Scratch scratch, FaultSet faults, int packetsMax, long now) {
        if (packet == 0) {
            switch (beginUnit(scratch, faults, now)) {
                case WAIT -> {
                    return NOT_MADE;
                }
                case LEAVE_OUT -> {
                    unit++;
                    camera.counters().skippedUnits++;
                    return 0;
                }
                case SEND -> {}
            }
        }
        if (faults.has(FaultKind.ENDLESS_NAL) && track.format().isVideo()) {
            return endlessUnit(scratch, faults);
        }
        PacketTrack packets = packets();
        int count = packets.packetCount(unit);
        if (packet == 0 && count <= packetsMax && faults.isEmpty() && packetFaults.isIdle()) {
            wholeUnit(scratch, count);
            endUnit();
            return count;
        }
        int sent = 0;
        int times = track.format().isVideo() ? (int) faults.value(FaultKind.BITRATE) : 0;
        for (; packet < count && sent < packetsMax; packet++, sent++) {
            int at = copy(scratch);
            ByteBuffer out = scratch.withRoom(0);
            if (times > 1 && packet == count - 1) {
                out.put(at + PacketTrack.PREFIX_BYTES + 1, (byte) track.format().payloadType());
            }
            finishPacket(out, at, faults);
            packetFaults.insert(scratch, out.position() - at, channel, ssrc, transport.isUdp(), faults);
        }
        if (packet == count) {
            if (times > 1) {
                fillerNalUnit(scratch, faults, packets.unitBytes(unit) * (times - 1));
            }
            endUnit();
        }
        return Math.max(sent, 1);
    }

    /** Of the current unit. */
    private PacketTrack packets() {
        return track.format().isVideo() ? choice.packets() : track;
    }

    /** The usual case: all packets of the unit in one copy. */
    private void wholeUnit(Scratch scratch, int count) {
        int bytes = packets().unitBytes(unit);
        ByteBuffer out = scratch.withRoom(bytes);
        int at = out.position();
        packets().copyUnit(unit, out);
        int timestamp = timestamp();
        for (int i = 0; i < count; i++) {
            fillIn(out, at, timestamp);
            sequence = sequence + 1 & 0xffff;
            at += PacketTrack.PREFIX_BYTES + (out.getShort(at + 2) & 0xffff);
        }
        packetsSent += count;
        octetsSent += bytes - (long) count * (PacketTrack.PREFIX_BYTES + PacketTrack.HEADER_BYTES);
        camera.counters().packets += count;
    }

    private PictureChoice.Choice beginUnit(Scratch scratch, FaultSet faults, long now) {
        if (track.format().isVideo()) {
            EncodedPictures shown = camera.shown(role);
            follow(shown.loop());
            watch();
            PictureChoice.Choice chosen = choice.choose(track, unit, shown.live());
            if (chosen != PictureChoice.Choice.SEND) {
                return chosen;
            }
        }
        if (!faults.has(FaultKind.ENDLESS_NAL)) {
            packetFaults.endEndless();
        }
        if (now >= nextReportNano) {
            nextReportNano = now + REPORT_NANOS;
            report(scratch.withRoom(128));
        }
        return PictureChoice.Choice.SEND;
    }

    /** Goes over to other pictures at a key frame of theirs that is due when the next one of these is: no moment is without one. */
    private void follow(PacketTrack wanted) {
        if (wanted == track) {
            return;
        }
        long same = wanted.format().unitAt(unitNanos());
        if (wanted.format().unitNanos(same) == unitNanos() && wanted.keyFrom(same) == same) {
            track = wanted;
            unit = same;
        }
    }

    private void endUnit() {
        unit++;
        packet = 0;
        camera.counters().units++;
    }

    /** Copies the current packet and fills in its header; returns where it begins. */
    private int copy(Scratch scratch) {
        ByteBuffer out = scratch.withRoom(PacketTrack.PREFIX_BYTES + (1 << 16));
        int at = out.position();
        packets().copy(unit, packet, out);
        fillIn(out, at, timestamp());
        return at;
    }

    private void fillIn(ByteBuffer out, int at, int timestamp) {
        out.put(at + 1, (byte) channel);
        out.putShort(at + PacketTrack.PREFIX_BYTES + 2, (short) sequence);
        out.putInt(at + PacketTrack.PREFIX_BYTES + 4, timestamp);
        out.putInt(at + PacketTrack.PREFIX_BYTES + 8, ssrc);
    }

    /** Counts a packet that is in the buffer from {@code at} on, or takes it out again, or puts it after the next. */
    private void finishPacket(ByteBuffer out, int at, FaultSet faults) {
        sequence = sequence + 1 & 0xffff;
        int length = out.position() - at;
        if (packetFaults.shape(out, at, faults)) {
            packetsSent++;
            octetsSent += length - PacketTrack.PREFIX_BYTES - PacketTrack.HEADER_BYTES;
            camera.counters().packets++;
        }
    }

    private int endlessUnit(Scratch scratch, FaultSet faults) {
        long kbps = faults.value(FaultKind.ENDLESS_NAL);
        long unitBytes = kbps * 125 * format().unitTicks() / format().clockRate();
        int sent = 0;
        for (long left = unitBytes; left > 0; left -= PacketFaults.FRAGMENT_BYTES, sent++) {
            ByteBuffer out = scratch.withRoom(2 * PacketFaults.FRAGMENT_BYTES);
            int at = out.position();
            packetFaults.endlessFragment(out, format().payloadType());
            fillIn(out, at, packetFaults.endlessTimestamp(timestamp()));
            finishPacket(out, at, faults);
        }
        endUnit();
        return Math.max(1, sent);
    }

    /** One filler NAL unit (type 12); the last packet of the unit. */
    private void fillerNalUnit(Scratch scratch, FaultSet faults, int bytes) {
        int size = Math.max(PacketFaults.FRAGMENT_BYTES * 2, bytes);
        for (int offset = 0; offset < size; offset += PacketFaults.FRAGMENT_BYTES) {
            boolean last = offset + PacketFaults.FRAGMENT_BYTES >= size;
            ByteBuffer out = scratch.withRoom(2 * PacketFaults.FRAGMENT_BYTES);
            int at = out.position();
            PacketFaults.fillerFragment(out, format().payloadType(), offset == 0, last);
            fillIn(out, at, timestamp());
            finishPacket(out, at, faults);
        }
    }

    /** Sender report and source description (RFC 3550 6.4.1, 6.5). */
    private void report(ByteBuffer out) {
        int chunk = (4 + 2 + CNAME.length + 1 + 3) / 4 * 4;
        out.put((byte) '$').put((byte) (channel + 1)).putShort((short) (REPORT_BYTES + 4 + chunk));
        out.put((byte) 0x80)
                .put((byte) 200)
                .putShort((short) (REPORT_BYTES / 4 - 1))
                .putInt(ssrc);
        out.putLong(camera.ntp(unitNanos())).putInt(timestamp());
        out.putInt((int) packetsSent).putInt((int) octetsSent);
        out.put((byte) 0x81).put((byte) 202).putShort((short) (chunk / 4)).putInt(ssrc);
        out.put((byte) 1).put((byte) CNAME.length).put(CNAME);
        for (int i = 4 + 2 + CNAME.length; i < chunk; i++) {
            out.put((byte) 0);
        }
    }
}
