// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import org.nxvms.live.webrtc.rtp.Packet;
import org.nxvms.live.webrtc.rtp.PacketLog;
import org.nxvms.live.webrtc.sdp.Agreed;
import org.nxvms.live.webrtc.secure.Srtp;
import org.nxvms.media.kit.rtp.Rtcp;

/**
 * One track on its way to one viewer: a place in the log that all share, and what turns its numbers into this viewer's sequence
 * numbers and times. Wherever the place jumps, the sequence numbers go on without a hole. The pump's thread.
 *
 * <p>A number is protected anew, perhaps with other bytes, only when the way said that nothing had left by it: no two packets with
 * the same number but other bytes are ever sent, which would give away what is in them (RFC 3711 9.1, RFC 7714 8.4).
 */
final class Lane {
    /** A key frame that was sent this long ago has come, or is lost. */
    static final long KEY_AGAIN_MS = 1_000;

    /**
     * Packets that may be sent again for each new one, singly or as a group. Who loses a few never comes near; who asks without
     * end, because its way is too thin or it means harm, gets three times the stream and not all that the network holds.
     */
    static final int AGAIN_PER_NEW = 2;
    /** Saved up, that is a whole log once. */
    static final int AGAIN_MAX = 16_384;

    private static final int HEADER = 12;
    private static final int EXTENSION = 8;
    private static final int EXTENSION_MARK = 0xBEDE_0001;
    /** RTP time between the last picture and the group of pictures that is sent again: any step forward will do. */
    private static final long REWIND_TICKS = 90;

    private final PacketLog log;
    private final Agreed agreed;
    private final boolean pictures;
    private final byte[] scratch = new byte[1_500];

    private boolean waiting = true;
    private long cursor;
    /** Sequence number minus number in the log. */
    private long shift;
    /** Before it sequence numbers belong to another stretch of the log. */
    private long stretchBegan;

    private long resendSequence;
    private long timeShift;
    private long lastTime;
    private long lastWallUs;
    private long keySentMs;
    private int packets;
    private int octets;
    private long resent;
    private long jumped;
    /** Number in the log of the next packet that was never sent. */
    private long newest;

    private int again;
    /** The way had no room: one packet finds out whether it has, before more are protected for nothing. */
    private boolean blocked;

    /**
     * @param pictures whether to begin with a key frame, or with what comes next
     * @param firstSequence 0..32767, by chance: receivers need a number that wraps for the first time late (RFC 3711 3.3.1)
     */
    Lane(PacketLog log, Agreed agreed, boolean pictures, int firstSequence) {
        this.log = log;
        this.agreed = agreed;
        this.pictures = pictures;
        this.cursor = log.head();
        this.shift = firstSequence - cursor;
        this.stretchBegan = firstSequence;
        this.resendSequence = firstSequence;
    }

    Agreed agreed() {
        return agreed;
    }

    /** {@return whether something was sent} */
    boolean begun() {
        return packets > 0;
    }

    /** {@return whether something waits to be sent, whether or not anything new comes} */
    boolean behind() {
        return !waiting && cursor < log.head();
    }

    long resent() {
        return resent;
    }

    /** {@return packets that this viewer was too slow for} */
    long jumped() {
        return jumped;
    }

    /** Sends what is new, up to so many packets; {@return how many were sent} The burst is what they are gathered in. */
    int send(Srtp srtp, Path path, Burst burst, int packetsMax, long nowMs) throws GeneralSecurityException {
        if (cursor < log.tail()) {
            waiting = true;
        }
        if (waiting && !resume()) {
            return 0;
        }
        int sent = 0;
        while (sent < packetsMax && cursor < log.head()) {
            gather(srtp, burst, blocked ? cursor + 1 : Math.min(log.head(), cursor + packetsMax - sent));
            int passed = path.send(burst);
            blocked = passed < burst.count();
            for (int i = 0; i < passed; i++) {
                passed(log.get(cursor), nowMs);
            }
            sent += passed;
            if (blocked) {
                tooSlow();
                break;
            }
        }
        return sent;
    }

    /** The next packets that can be handed over together, before a number of the log. */
    private void gather(Srtp srtp, Burst burst, long end) throws GeneralSecurityException {
        burst.clear();
        Packet first = log.get(cursor);
        for (long at = cursor; at < end; at++) {
            Packet packet = log.get(at);
            // Headers and tags are all alike.
            if (!burst.takes(burst.each() + packet.payload().length - first.payload().length)) {
                return;
            }
            long sequence = at + shift;
            int header = header(packet, agreed.payloadType(), sequence, agreed.ssrc());
            System.arraycopy(packet.payload(), 0, scratch, header, packet.payload().length);
            int length = header + packet.payload().length;
            burst.add(scratch, srtp.protect(scratch, header, length, (int) (sequence >>> 16)));
        }
    }

    private void passed(Packet packet, long nowMs) {
        if (cursor >= newest) {
            newest = cursor + 1;
            again = Math.min(AGAIN_MAX, again + AGAIN_PER_NEW);
        }
        cursor++;
        packets++;
        octets += packet.payload().length;
        lastTime = packet.timestamp() + timeShift;
        lastWallUs = packet.wallUs();
        if (packet.key()) {
            keySentMs = nowMs;
        }
    }

    /** Goes to where decoding can begin; {@return false when there is no such place yet} */
    private boolean resume() {
        long to = pictures ? log.newestKey() : log.head();
        if (to == PacketLog.NONE || to < cursor && begun()) {
            return false;
        }
        waiting = false;
        if (begun()) {
            jumped += Math.max(0, to - cursor);
        }
        jump(to);
        return true;
    }

    /** There is no room on the way: what is between here and the newest key frame is left out. */
    private void tooSlow() {
        long key = log.newestKey();
        if (pictures && key != PacketLog.NONE && key > cursor) {
            jumped += key - cursor;
            jump(key);
        }
    }

    private void jump(long to) {
        long next = cursor + shift;
        cursor = to;
        shift = next - to;
        stretchBegan = next;
    }

    /**
     * The viewer cannot decode what it has. A key frame on its way is waited for, as is the next when none is held; else the
     * group of pictures is sent again, as new pictures. Who asks too often goes on as it is, and may ask again.
     */
    void keyWanted(long nowMs) {
        long key = log.newestKey();
        if (!pictures || waiting || key != PacketLog.NONE && (cursor <= key || nowMs - keySentMs < KEY_AGAIN_MS)) {
            return;
        }
        if (key == PacketLog.NONE) {
            waiting = true;
            return;
        }
        long packetsAgain = Math.max(0, newest - key);
        if (packetsAgain > again) {
            return;
        }
        again -= (int) packetsAgain;
        timeShift = lastTime + REWIND_TICKS - log.get(key).timestamp();
        keySentMs = nowMs;
        jump(key);
    }

    /** Sends a packet again that did not come; {@return false when it is not held any more, too much was asked for, or there is no room} */
    boolean resend(int sequence, Srtp srtp, Path path) throws GeneralSecurityException {
        long next = cursor + shift;
        long extended = next & ~0xFFFFL | sequence;
        if (extended >= next) {
            extended -= 0x1_0000;
        }
        long number = extended - shift;
        if (again < 1 || extended < stretchBegan || number < log.tail() || number >= log.head()) {
            return false;
        }
        Packet packet = log.get(number);
        byte[] payload = packet.payload();
        boolean apart = agreed.resendType() >= 0;
        long own = apart ? resendSequence : extended;
        int header = header(
                packet,
                apart ? agreed.resendType() : agreed.payloadType(),
                own,
                apart ? agreed.resendSsrc() : agreed.ssrc());
        int at = header;
        if (apart) {
            // RFC 4588 4: the number that the packet had.
            scratch[at++] = (byte) (sequence >>> 8);
            scratch[at++] = (byte) sequence;
        }
        System.arraycopy(payload, 0, scratch, at, payload.length);
        int bytes = srtp.protect(scratch, header, at + payload.length, (int) (own >>> 16));
        if (!path.send(scratch, bytes)) {
            return false;
        }
        resendSequence += apart ? 1 : 0;
        again--;
        resent++;
        return true;
    }

    private int header(Packet packet, int payloadType, long sequence, int ssrc) {
        boolean extended = agreed.playoutDelay() > 0;
        ByteBuffer out = ByteBuffer.wrap(scratch);
        out.put((byte) (extended ? 0x90 : 0x80)).put((byte) (packet.last() ? payloadType | 0x80 : payloadType));
        out.putShort((short) sequence)
                .putInt((int) (packet.timestamp() + timeShift))
                .putInt(ssrc);
        if (!extended) {
            return HEADER;
        }
        // Minimum and maximum delay 0: shown as soon as it is decoded.
        out.putInt(EXTENSION_MARK).putInt((agreed.playoutDelay() << 4 | 2) << 24);
        return HEADER + EXTENSION;
    }

    /** Says which time of the wall clock the packets' times mean. */
    void report(Srtp srtp, Path path) throws GeneralSecurityException {
        if (!begun()) {
            return;
        }
        ByteBuffer out = ByteBuffer.wrap(scratch);
        Rtcp.writeSenderReport(out, agreed.ssrc(), lastWallUs, lastTime & 0xFFFF_FFFFL, new int[] {packets, octets});
        path.send(scratch, srtp.protectRtcp(scratch, out.position()));
    }
}
