// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.AvcIds;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.StartCodes;

/**
 * The encoder's pictures as an MP4 has them: four-byte lengths for start codes, parameter sets apart, all with ids that the camera's
 * do not have. Checks what it reads: it comes from a process that may have been subverted. Any thread.
 */
public final class EdgePictures {
    private static final int IDR = 5;
    private static final int SLICE = 1;
    private static final int SPS = 7;
    private static final int PPS = 8;

    private final long fromTime;
    private final long toTime;
    private final AvcIds ids;
    private final long bytesMax;
    private final List<Picture> pictures = new ArrayList<>();
    private byte[] sps = {};
    private byte[] pps = {};
    private long bytes;
    private String trouble = "";
    private boolean begun;
    private long newest;

    /** One picture; time in the timescale of what it was made of. */
    public record Picture(boolean key, long time, ByteBuffer data) {}

    /**
     * Of one process.
     *
     * @param fromTime none is shown before it
     * @param toTime those shown then or later are left out
     * @param bytesMax of those that nobody took yet
     */
    public EdgePictures(long fromTime, long toTime, AvcIds ids, long bytesMax) {
        this.fromTime = fromTime;
        this.toTime = toTime;
        this.ids = ids;
        this.bytesMax = bytesMax;
    }

    /** Takes what came from the process. */
    public synchronized void take(boolean key, long time, ByteBuffer packet) {
        bytes += packet.remaining();
        if (!trouble.isEmpty() || time >= toTime) {
            return;
        }
        if (bytes > bytesMax) {
            trouble = "it has more than " + bytesMax + " bytes";
            pictures.clear();
            return;
        }
        try {
            take(new Picture(key, time, units(packet)));
        } catch (NalException bad) {
            trouble = bad.getMessage();
        }
    }

    private void take(Picture picture) throws NalException {
        if (begun ? picture.time() <= newest : picture.time() < fromTime || !picture.key()) {
            throw new NalException("its pictures are in no order");
        }
        begun = true;
        newest = picture.time();
        if (picture.data().hasRemaining()) {
            pictures.add(picture);
        }
    }

    private ByteBuffer units(ByteBuffer packet) throws NalException {
        // Lengths for start codes, another emulation prevention, longer ids.
        ByteBuffer out = ByteBuffer.allocate(packet.remaining() * 2 + 64);
        int end = packet.limit();
        int at = StartCodes.next(packet, packet.position(), end) + StartCodes.BYTES;
        while (at < end) {
            int unitEnd = StartCodes.unitEnd(packet, at, end);
            byte[] unit = new byte[unitEnd - at];
            packet.get(at, unit);
            unit(unit, out);
            at = StartCodes.next(packet, unitEnd, end) + StartCodes.BYTES;
        }
        return out.flip();
    }

    private void unit(byte[] unit, ByteBuffer out) throws NalException {
        int type = unit.length == 0 ? 0 : unit[0] & 0x1F;
        if (type == SPS) {
            sps = same(sps, ids.of(unit));
        } else if (type == PPS) {
            pps = same(pps, ids.of(unit));
        } else if (type == SLICE || type == IDR) {
            byte[] slice = ids.of(unit);
            out.putInt(slice.length).put(slice);
        }
    }

    private static byte[] same(byte[] before, byte[] now) throws NalException {
        if (before.length > 0 && !Arrays.equals(before, now)) {
            throw new NalException("it has parameter sets of several kinds");
        }
        return now;
    }

    /** {@return what came since it was asked last} */
    public synchronized List<Picture> poll() throws NalException {
        if (!trouble.isEmpty()) {
            throw new NalException(trouble);
        }
        List<Picture> came = List.copyOf(pictures);
        pictures.clear();
        bytes = 0;
        return came;
    }

    /** {@return the parameter sets of all of them} Once one was polled. */
    public synchronized AvcConfig sets() {
        return new AvcConfig(List.of(sps), List.of(pps));
    }

    /** {@return what came} At its end. */
    synchronized EdgeEncoder.Encoded encoded() throws NalException {
        if (!trouble.isEmpty()) {
            throw new NalException(trouble);
        }
        if (pictures.isEmpty() || sps.length == 0 || pps.length == 0) {
            throw new NalException("no picture came");
        }
        return new EdgeEncoder.Encoded(sps, pps, List.copyOf(pictures));
    }
}
