// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;
import org.nxvms.media.kit.nal.AvcParameterSets;

/**
 * H.264 over RTP (RFC 6184): single NAL units, STAP-A and FU-A become access units of NAL units with lengths of four bytes
 * (ISO/IEC 14496-15). Access unit delimiters, filler and parameter sets are left out; a changed parameter set is reported as a
 * change of format.
 *
 * <p>An access unit ends at the marker bit or, with cameras that do not set it or set it too often, when the timestamp
 * changes. After a loss the access unit concerned is dropped and the next one is flagged; with {@code waitForKey}
 * everything up to the next key frame is dropped.
 */
public final class H264Depacketizer implements Depacketizer {
    private static final int NON_IDR = 1;
    private static final int IDR = 5;
    private static final int SPS = 7;
    private static final int PPS = 8;
    private static final int AUD = 9;
    private static final int FILLER = 12;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;

    private static final int PARAMETER_SET_BYTES_MAX = 1024;
    /** Bounds the work on one access unit: a level 5.1 picture has at most a few hundred slices. */
    private static final int NALS_MAX = 2048;

    private final AccessUnitSink sink;
    private final AvcParameterSets sets;
    private final boolean waitForKey;
    private final TimestampUnwrapper clock = new TimestampUnwrapper();
    private final ByteBuffer fragmentedSet = ByteBuffer.allocate(PARAMETER_SET_BYTES_MAX);

    private long timestamp;
    private boolean started;
    private boolean open;
    private boolean damaged;
    private boolean hasPicture;
    private boolean key;
    private boolean setsSeen;
    private boolean ended;
    private boolean markerUnreliable;
    private int nals;

    private boolean inFragment;
    private int fragmentType;
    private int lengthAt;

    private boolean needKey = true;
    private boolean afterLoss;
    private boolean committed;
    private boolean formatPending;
    private long dropped;

    /**
     * @param sets holds what the session description announced; filled further from the stream
     * @param waitForKey drop pictures after a loss until the next key frame
     */
    public H264Depacketizer(AccessUnitSink sink, AvcParameterSets sets, boolean waitForKey) {
        this.sink = sink;
        this.sets = sets;
        this.waitForKey = waitForKey;
    }

    /** {@return the parameter sets in force} */
    public AvcParameterSets parameterSets() {
        return sets;
    }

    @Override
    public void accept(ByteBuffer in, RtpHeader packet, int lost) {
        long time = clock.unwrap(packet.timestamp());
        boolean newPicture = !started || time != timestamp;
        if (lost > 0) {
            loss(newPicture);
        }
        if (newPicture) {
            finish();
            startPicture(time);
        }
        int length = packet.payloadLength();
        if (length > 0) {
            payload(in, packet.payloadOffset(), length, lost > 0);
        }
        if (packet.marker() && !markerUnreliable) {
            finish();
        }
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public void close() {
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

    private void payload(ByteBuffer in, int offset, int length, boolean afterGap) {
        int type = in.get(offset) & 0x1F;
        if (type == STAP_A) {
            int at = offset + 1;
            int end = offset + length;
            boolean first = afterGap;
            while (end - at >= 2) {
                int size = in.getShort(at) & 0xFFFF;
                if (size == 0 || size > end - at - 2) {
                    damaged = true;
                    return;
                }
                nal(in, at + 2, size, first);
                first = false;
                at += 2 + size;
            }
        } else if (type == FU_A) {
            fragment(in, offset, length, afterGap);
        } else if (type >= 1 && type <= 23) {
            nal(in, offset, length, afterGap);
        }
    }

    private void nal(ByteBuffer in, int offset, int length, boolean afterGap) {
        int header = in.get(offset);
        int second = length > 1 ? in.get(offset + 1) : 0;
        if (beginNal(header & 0x1F, second, afterGap)) {
            keep(sink.appendInt(length) && sink.append(in, offset, length));
        } else if (isParameterSet(header & 0x1F)) {
            offer(in, offset, length);
        }
    }

    private void fragment(ByteBuffer in, int offset, int length, boolean afterGap) {
        if (length < 3) {
            damaged = true;
            return;
        }
        int indicator = in.get(offset);
        int header = in.get(offset + 1);
        int type = header & 0x1F;
        boolean start = (header & 0x80) != 0;
        boolean end = (header & 0x40) != 0;
        if (isParameterSet(type)) {
            fragmentOfSet(in, offset, length, start, end);
            return;
        }
        if (start) {
            inFragment = beginNal(type, in.get(offset + 2), afterGap);
            fragmentType = type;
            if (inFragment) {
                lengthAt = sink.position();
                keep(sink.appendInt(0) && sink.appendByte(indicator & 0xE0 | type));
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
            keep(sink.append(in, offset + 2, length - 2));
            if (end && open) {
                sink.putInt(lengthAt, sink.position() - lengthAt - 4);
                inFragment = false;
            }
        }
    }

    private void fragmentOfSet(ByteBuffer in, int offset, int length, boolean start, boolean end) {
        if (start) {
            fragmentedSet.clear();
            fragmentedSet.put((byte) (in.get(offset) & 0xE0 | in.get(offset + 1) & 0x1F));
        }
        if (fragmentedSet.position() == 0 || fragmentedSet.remaining() < length - 2) {
            fragmentedSet.clear();
            return;
        }
        for (int i = 2; i < length; i++) {
            fragmentedSet.put(in.get(offset + i));
        }
        if (end) {
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
    private boolean beginNal(int type, int firstPayloadByte, boolean afterGap) {
        if (isParameterSet(type) || type == AUD || type == FILLER || damaged && !open) {
            return false;
        }
        boolean picture = isPicture(type);
        if (!open) {
            prepareFormat();
        }
        if (ended && picture) {
            // More of the same picture behind the marker: this camera sets it on every packet or slice.
            markerUnreliable = true;
            ended = false;
        }
        if (picture) {
            boolean firstSlice = (firstPayloadByte & 0x80) != 0;
            if (!hasPicture && !firstSlice && afterGap) {
                damaged = true;
            }
            prepareFormat();
            hasPicture = true;
            key |= type == IDR;
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
            if (open || hasPicture) {
                dropUnit();
            }
            afterLoss = true;
            needKey |= waitForKey || key;
            damaged = false;
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

    private static boolean isParameterSet(int type) {
        return type == SPS || type == PPS;
    }

    private static boolean isPicture(int type) {
        return type >= NON_IDR && type <= IDR;
    }
}
