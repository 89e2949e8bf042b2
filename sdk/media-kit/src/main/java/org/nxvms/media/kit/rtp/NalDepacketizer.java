// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;
import org.nxvms.media.kit.nal.ParameterSets;
import org.nxvms.media.kit.nal.StartCodes;

/**
 * What H.264 and H.265 over RTP have in common: NAL units, whole or in fragments, become access units of NAL units with
 * lengths of four bytes (ISO/IEC 14496-15). Delimiters, filler and parameter sets are left out; a changed parameter set is
 * reported as a change of format.
 *
 * <p>An access unit ends at the marker bit or, with cameras that do not set it or set it too often, when the timestamp
 * changes. After a loss the access unit concerned is dropped and the next one is flagged; with {@code waitForKey}
 * everything up to the next key frame is dropped. So is a picture whose first slice was sent before this one began.
 */
abstract class NalDepacketizer implements Depacketizer {
    private static final int PARAMETER_SET_BYTES_MAX = 1024;
    /** Bounds the work on one access unit: a level 5.1 picture has at most a few hundred slices. */
    private static final int NALS_MAX = 2048;

    private final AccessUnitSink sink;
    private final ParameterSets sets;
    private final boolean waitForKey;
    private final TimestampUnwrapper clock = new TimestampUnwrapper();
    private final ByteBuffer fragmentedSet = ByteBuffer.allocate(PARAMETER_SET_BYTES_MAX);

    private long timestamp;
    private boolean started;
    /** What came before the first packet was taken by another. */
    private boolean follows;

    private boolean open;
    private boolean damaged;
    private boolean hasPicture;
    private boolean key;
    private boolean setsSeen;
    private boolean ended;
    private int nals;
    private int quirks;

    private boolean inFragment;
    private int fragmentType;
    private int lengthAt;

    private boolean needKey = true;
    private boolean afterLoss;
    private boolean committed;
    private boolean formatPending;
    private long dropped;

    NalDepacketizer(AccessUnitSink sink, ParameterSets sets, boolean waitForKey) {
        this.sink = sink;
        this.sets = sets;
        this.waitForKey = waitForKey;
    }

    /**
     * One RTP payload of at least one byte: calls {@link #nal}, {@link #aggregate} or {@link #fragment}.
     *
     * @param afterGap whether something may be missing before it
     */
    abstract void payload(ByteBuffer in, int offset, int length, boolean afterGap);

    /** {@return type of the NAL unit whose header begins here} */
    abstract int type(ByteBuffer in, int offset);

    /** {@return bytes of a NAL unit header} */
    abstract int headerBytes();

    /** {@return whether this is a slice} */
    abstract boolean isPicture(int type);

    /** {@return whether decoding can start at a slice of this type} */
    abstract boolean isKey(int type);

    abstract boolean isParameterSet(int type);

    /** {@return whether a unit of this type has no place in a file} */
    abstract boolean isNoise(int type);

    @Override
    public final void accept(ByteBuffer in, RtpHeader packet, int lost) {
        long time = clock.unwrap(packet.timestamp());
        boolean newPicture = !started || time != timestamp;
        boolean afterGap = lost > 0 || !started && !follows;
        if (lost > 0) {
            loss(newPicture);
        }
        if (newPicture) {
            markerMissing(lost);
            finish();
            startPicture(time);
        }
        int length = packet.payloadLength();
        if (length > 0) {
            payload(in, packet.payloadOffset(), length, afterGap);
        }
        if (packet.marker() && !has(PayloadQuirk.MARKER_TOO_OFTEN)) {
            endFragment();
            finish();
        }
    }

    private void markerMissing(int lost) {
        if (open && !ended && lost == 0) {
            note(PayloadQuirk.MARKER_MISSING);
        }
    }

    @Override
    public final int quirks() {
        return quirks;
    }

    final void note(PayloadQuirk quirk) {
        quirks |= quirk.bit();
    }

    private boolean has(PayloadQuirk quirk) {
        return (quirks & quirk.bit()) != 0;
    }

    @Override
    public final long dropped() {
        return dropped;
    }

    @Override
    public final void goOn() {
        follows = true;
        needKey = false;
        committed = true;
    }

    @Override
    public final void close() {
        if (open) {
            dropUnit();
        }
    }

    /** Packets are missing: the picture they were torn from is lost, or the one that begins now. */
    private void loss(boolean newPicture) {
        afterLoss = true;
        needKey |= waitForKey;
        inFragment = false;
        if (open && !ended) {
            damaged = true;
        }
        if (!newPicture) {
            damaged = true;
        }
    }

    private void startPicture(long time) {
        started = true;
        timestamp = time;
        damaged = false;
        ended = false;
        hasPicture = false;
        key = false;
        setsSeen = false;
        inFragment = false;
        nals = 0;
    }

    /** Units of 16 bit lengths in a row: STAP-A, AP. */
    final void aggregate(ByteBuffer in, int offset, int length, boolean afterGap) {
        int at = offset;
        int end = offset + length;
        boolean first = afterGap;
        while (end - at >= 2) {
            int size = in.getShort(at) & 0xFFFF;
            if (size < headerBytes() || size > end - at - 2) {
                damaged = true;
                return;
            }
            nal(in, at + 2, size, first);
            first = false;
            at += 2 + size;
        }
    }

    final void nal(ByteBuffer in, int offset, int length, boolean afterGap) {
        if (length < headerBytes()) {
            damaged = true;
            return;
        }
        endFragment();
        int type = type(in, offset);
        if (beginNal(type, in, offset + headerBytes(), length - headerBytes(), afterGap)) {
            keep(sink.appendInt(length) && sink.append(in, offset, length));
        } else if (isParameterSet(type)) {
            offer(in, offset, length);
        }
    }

    /** NAL units with start codes between them, where only one unit should be. */
    final void byteStream(ByteBuffer in, int offset, int length, boolean afterGap) {
        note(PayloadQuirk.START_CODES);
        int end = offset + length;
        boolean first = afterGap;
        int at = StartCodes.next(in, offset, end) + StartCodes.BYTES;
        while (at < end) {
            int unitEnd = StartCodes.unitEnd(in, at, end);
            nal(in, at, unitEnd - at, first);
            first = false;
            at = StartCodes.next(in, unitEnd, end) + StartCodes.BYTES;
        }
    }

    final void damage() {
        damaged = true;
    }

    /**
     * A part of a NAL unit: FU-A, FU.
     *
     * @param offset of the part's bytes, behind the fragment header; at least one byte
     * @param header the NAL unit's header, {@link #headerBytes()} long
     * @param flags the fragment header: start, end, type
     */
    final void fragment(ByteBuffer in, int offset, int length, int header, int flags, boolean afterGap) {
        int type = headerBytes() == 1 ? flags & 0x1F : flags & 0x3F;
        boolean start = (flags & 0x80) != 0;
        boolean end = (flags & 0x40) != 0;
        if (isParameterSet(type)) {
            fragmentOfSet(in, offset, length, header, flags);
            return;
        }
        if (start) {
            endFragment();
            inFragment = beginNal(type, in, offset, length, afterGap);
            fragmentType = type;
            if (inFragment) {
                lengthAt = sink.position();
                keep(sink.appendInt(0)
                        && (headerBytes() == 1 || sink.appendByte(header >> 8))
                        && sink.appendByte(header));
            }
        } else if (!inFragment && isPicture(type) && !isSkipping()) {
            damaged = true;
            hasPicture = true;
        }
        if (inFragment && open) {
            if (fragmentType != type) {
                damaged = true;
                return;
            }
            keep(sink.append(in, offset, length));
            if (end && open) {
                sink.putInt(lengthAt, sink.position() - lengthAt - 4);
                inFragment = false;
            }
        }
    }

    /** What comes now is not of the fragmented NAL unit; as nothing was lost, that is whole. */
    private void endFragment() {
        if (inFragment && open) {
            note(PayloadQuirk.FRAGMENT_END_MISSING);
            sink.putInt(lengthAt, sink.position() - lengthAt - 4);
        }
        inFragment = false;
    }

    private void fragmentOfSet(ByteBuffer in, int offset, int length, int header, int flags) {
        if ((flags & 0x80) != 0) {
            fragmentedSet.clear();
            if (headerBytes() == 2) {
                fragmentedSet.put((byte) (header >> 8));
            }
            fragmentedSet.put((byte) header);
        }
        if (fragmentedSet.position() == 0 || fragmentedSet.remaining() < length) {
            fragmentedSet.clear();
            return;
        }
        for (int i = 0; i < length; i++) {
            fragmentedSet.put(in.get(offset + i));
        }
        if ((flags & 0x40) != 0) {
            offer(fragmentedSet, 0, fragmentedSet.position());
            fragmentedSet.clear();
        }
    }

    private void offer(ByteBuffer in, int offset, int length) {
        setsSeen = true;
        if (sets.offer(in, offset, length)) {
            formatPending = true;
        }
    }

    /** Opens the access unit if this NAL unit belongs into it. {@return whether its bytes are to be stored} */
    private boolean beginNal(int type, ByteBuffer in, int offset, int length, boolean afterGap) {
        if (isParameterSet(type) || isNoise(type)) {
            return false;
        }
        boolean picture = isPicture(type);
        if (ended && picture) {
            // More of the same picture behind the marker: this camera sets it on every packet or slice.
            note(PayloadQuirk.MARKER_TOO_OFTEN);
            ended = false;
        }
        if (damaged && !open) {
            return false;
        }
        if (picture && !hasPicture && isKey(type) && sets.activate(type, in, offset, length)) {
            formatPending = true;
        }
        if (!open) {
            prepareFormat();
        }
        if (picture) {
            boolean firstSlice = length > 0 && (in.get(offset) & 0x80) != 0;
            if (!hasPicture && !firstSlice && afterGap) {
                damaged = true;
            }
            prepareFormat();
            hasPicture = true;
            key |= isKey(type);
        }
        if (++nals > NALS_MAX) {
            damaged = true;
        }
        if (!open && !damaged) {
            open = sink.begin(key || setsSeen);
            damaged |= !open;
        }
        return open && !damaged;
    }

    /** A new format takes effect before the first slice; what stands in the unit by then (SEI) is of no use without it. */
    private void prepareFormat() {
        if (!formatPending || !sets.complete() || hasPicture) {
            return;
        }
        if (open) {
            sink.abort();
            open = false;
        }
        formatPending = false;
        needKey = true;
        sink.formatChanged();
    }

    private void finish() {
        if (ended || !started) {
            return;
        }
        ended = true;
        if (inFragment) {
            damaged = true;
            inFragment = false;
        }
        if (damaged) {
            // It stays so until the next picture: what else comes of this one is dropped too.
            if (open || hasPicture) {
                dropUnit();
            }
            afterLoss = true;
            needKey |= waitForKey || key;
        } else if (open) {
            commit();
        }
        hasPicture = false;
        key = false;
    }

    private void commit() {
        open = false;
        if (!hasPicture) {
            sink.abort();
        } else if (needKey && !key || !sets.complete()) {
            sink.abort();
        } else {
            needKey = false;
            sink.commit(timestamp, key, afterLoss && committed);
            committed = true;
            afterLoss = false;
        }
    }

    private void keep(boolean stored) {
        if (!stored) {
            damaged = true;
            dropUnit();
        }
    }

    private void dropUnit() {
        dropped++;
        if (open) {
            open = false;
            sink.abort();
        }
        hasPicture = false;
    }

    private boolean isSkipping() {
        return damaged && !open;
    }
}
