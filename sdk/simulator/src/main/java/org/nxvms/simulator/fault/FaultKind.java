// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One way to misbehave. Each takes one whole number, {@link #unit()} says of what; a kind without a unit ignores it.
 *
 * <p>Faults of a camera act together and may be set and cleared while clients are connected.
 */
public enum FaultKind {
    /** The device is off: its port is closed and so are its connections. */
    REFUSE_CONNECTION("", 0, 0, 0),
    /** As {@link #REFUSE_CONNECTION} for so long; then the device is back and the fault gone. */
    REBOOT("seconds", 5, 0, 3600),
    /** Connections there are when it is set hang for ever, as after a power cut: not sent on, not closed. New ones work. */
    HALF_OPEN("", 0, 0, 0),
    /** Accepts, reads, never answers. Streams that already play go on. */
    SILENT("", 0, 0, 0),
    /** Closes a connection so long after its first PLAY. */
    CLOSE_AFTER("seconds", 5, 0, 86_400),
    /** 401 to everything, whatever the credentials. */
    UNAUTHORIZED("", 0, 0, 0),
    /** A nonce is good for so many requests, then 401 with {@code stale=true}; 0 = never good. */
    STALE_NONCE("requests", 1, 0, 1000),
    /** 404 to DESCRIBE and SETUP. */
    NOT_FOUND("", 0, 0, 0),
    /** 453 to SETUP: no more sessions. */
    BUSY("", 0, 0, 0),
    /** 453 to SETUP of a session beyond so many. */
    SESSION_LIMIT("sessions", 1, 0, 1000),
    /** Answers everything in HTTP. */
    ANSWER_HTTP("", 0, 0, 0),
    /** Answers everything with random bytes. */
    ANSWER_GARBAGE("bytes", 256, 1, 65_536),
    /** Every byte of a connection leaves at this pace. */
    SLOW_DRIP("bytesPerSecond", 20, 1, 1_000_000),
    /** No RTP for so long, 0 = until cleared; requests are answered. Goes on with a key frame. */
    STALL("seconds", 5, 0, 86_400),
    /** Leaves out every n-th RTP packet; its sequence number is used up. */
    DROP_PACKETS("every", 50, 2, 1_000_000),
    /** Sends every n-th RTP packet after its successor. */
    REORDER("every", 50, 2, 1_000_000),
    /** After every n-th packet: stray bytes and, in turn, a frame on a channel nobody set up (TCP only). */
    GARBAGE("every", 100, 1, 1_000_000),
    /** After every n-th packet: a packet of three bytes, or with a wrong version, on the proper channel. */
    CORRUPT_RTP("every", 100, 1, 1_000_000),
    /** From now on one NAL unit that never ends, at this rate, instead of video. */
    ENDLESS_NAL("kbitPerSecond", 4000, 8, 200_000),
    /** Filler NAL units raise the video's bit rate so many times. */
    BITRATE("times", 10, 2, 200),
    /** A session starts at any frame, not at a key frame. */
    START_MID_GOP("", 0, 0, 0),
    /** RTP timestamps jump by this much, once, when set. */
    TIMESTAMP_JUMP("seconds", 3600, -86_400, 86_400),
    /** RTP timestamps stand still while packets go on. */
    TIMESTAMP_FREEZE("", 0, 0, 0),
    /** Sequence numbers and RTP timestamps of a session begin a second before they wrap. */
    WRAP("", 0, 0, 0),
    /** From the next key frame main sends sub's picture size and the reverse; back when cleared. */
    RESOLUTION_CHANGE("", 0, 0, 0),
    /** SDP names a codec nobody knows. */
    UNSUPPORTED_CODEC("", 0, 0, 0),
    /** SDP carries no parameter sets; they come with the key frames only. */
    NO_PARAMETER_SETS("", 0, 0, 0),
    /** SDP names its tracks by absolute URL; no Content-Base. */
    ABSOLUTE_CONTROL("", 0, 0, 0),
    /** Header names in lower case, no space after the colon, unknown headers, LF in SDP. */
    ODD_HEADERS("", 0, 0, 0),
    /** The Session header does not tell its timeout. */
    NO_SESSION_TIMEOUT("", 0, 0, 0),
    /** GET_PARAMETER is not supported (501) and not in OPTIONS. */
    NO_GET_PARAMETER("", 0, 0, 0),
    /** 461 to interleaved TCP: UDP only. */
    NO_TCP("", 0, 0, 0);

    private final String unit;
    private final long preset;
    private final long min;
    private final long max;

    FaultKind(String unit, long preset, long min, long max) {
        this.unit = unit;
        this.preset = preset;
        this.min = min;
        this.max = max;
    }

    /** As written on command lines and in the control API: {@code drop-packets}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the number counts, empty if the kind takes none. */
    public String unit() {
        return unit;
    }

    public long min() {
        return min;
    }

    public long max() {
        return max;
    }

    /** The fault with its usual number. */
    public Fault fault() {
        return new Fault(this, preset);
    }

    /** The fault with a number of one's own. */
    public Fault fault(long value) {
        return new Fault(this, value);
    }

    /** Finds a kind by its {@link #id()}. */
    public static FaultKind of(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("fault: '" + id + "' is not one of "
                        + Arrays.stream(values()).map(FaultKind::id).collect(Collectors.joining(", "))));
    }
}
