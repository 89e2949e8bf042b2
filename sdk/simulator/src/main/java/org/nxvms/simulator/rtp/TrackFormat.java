// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtp;

/**
 * What SDP says about a track, and its pace.
 *
 * @param media {@code video}, {@code audio} or {@code application}
 * @param payloadType RTP payload type, 0..127
 * @param encoding as in {@code a=rtpmap}: {@code H264/90000}
 * @param fmtp parameters of {@code a=fmtp}, may be empty
 * @param parameterSets the value of {@code sprop-parameter-sets}, kept apart because a fault leaves it out; may be empty
 * @param clockRate RTP ticks per second
 * @param unitTicks RTP ticks from one unit to the next
 * @param bitrateKbps for {@code b=AS}
 */
public record TrackFormat(
        String media,
        int payloadType,
        String encoding,
        String fmtp,
        String parameterSets,
        int clockRate,
        int unitTicks,
        int bitrateKbps) {
    private static final long NANOS = 1_000_000_000L;

    public boolean isVideo() {
        return media.equals("video");
    }

    /** {@return the same with other parameter sets in its description} */
    public TrackFormat withParameterSets(String newParameterSets) {
        return new TrackFormat(media, payloadType, encoding, fmtp, newParameterSets, clockRate, unitTicks, bitrateKbps);
    }

    /** When unit {@code unit} was captured, in nanoseconds from the camera's zero. */
    public long unitNanos(long unit) {
        long ticks = unit * unitTicks;
        return ticks / clockRate * NANOS + ticks % clockRate * NANOS / clockRate;
    }

    /** The first unit captured at or after {@code nanos} from the camera's zero. */
    public long unitAt(long nanos) {
        long ticks = nanos / NANOS * clockRate + nanos % NANOS * clockRate / NANOS;
        long unit = ticks / unitTicks;
        while (unitNanos(unit) < nanos) {
            unit++;
        }
        return unit;
    }
}
