// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.fault;

import static org.nxvms.simulator.fault.FaultArea.ANSWERS;
import static org.nxvms.simulator.fault.FaultArea.CLOCK;
import static org.nxvms.simulator.fault.FaultArea.CONNECTION;
import static org.nxvms.simulator.fault.FaultArea.EVENTS;
import static org.nxvms.simulator.fault.FaultArea.MEDIA;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One way to misbehave. Each takes one whole number, {@link #unit()} says of what; a kind without a unit takes none.
 *
 * <p>Faults of a camera act together and may be set and cleared while clients are connected.
 */
public enum FaultKind {
    REFUSE_CONNECTION(CONNECTION, "the device is off: its ports are closed and so are its connections"),
    REBOOT(
            CONNECTION,
            "as refuse-connection for so long; then the device is back and the fault gone",
            "seconds",
            5,
            0,
            3600),
    NEW_ADDRESS(
            CONNECTION,
            "each reboot brings the device back at another address: the next one of 127.0.0.0/8 where it is there, else"
                    + " other ports; cleared, it stays where it is"),
    HALF_OPEN(
            CONNECTION,
            "connections there are when it is set hang for ever, as after a power cut: not sent on, not closed; new"
                    + " ones work"),
    SILENT(CONNECTION, "accepts, reads, never answers; streams that already play go on"),
    CLOSE_AFTER(CONNECTION, "closes a connection so long after its first PLAY", "seconds", 5, 0, 86_400),
    SLOW_DRIP(CONNECTION, "every byte of a connection leaves at this pace", "bytesPerSecond", 20, 1, 1_000_000),
    ANSWER_GARBAGE(CONNECTION, "answers every request with random bytes", "bytes", 256, 1, 65_536),
    UNAUTHORIZED(CONNECTION, "401 to everything, whatever the credentials: the password is wrong"),
    STALE_NONCE(
            CONNECTION,
            "a nonce is good for so many requests, then 401 with stale=true; 0: never",
            "requests",
            1,
            0,
            1000),
    CLOSE_KEPT(
            CONNECTION,
            "over HTTP: closes a connection without a word when a second request comes on it, as if its time had been"
                    + " over just then"),

    FORBIDDEN(ANSWERS, "403 over HTTP to all that is more than looking: the user may only watch"),
    PTZ_SILENT(ANSWERS, "reads requests to the PTZ head and never answers them: the head hangs, the camera does not"),
    NO_HTTP_DIGEST(ANSWERS, "over ONVIF: takes a login by WS-Security only, and says 400 with a fault to others"),
    NO_USERNAME_TOKEN(ANSWERS, "over ONVIF: does not look at WS-Security; takes a login by HTTP only"),
    NO_WS_SECURITY(
            ANSWERS,
            "over ONVIF: does not know WS-Security, and says so where it must be understood; takes a login by HTTP only"),
    OPEN_IDENTITY(ANSWERS, "over ONVIF: tells everybody who it is, without a look at a login"),
    NO_GET_SERVICES(ANSWERS, "over ONVIF: an old device, which tells its services by GetCapabilities only"),
    BARE_400(ANSWERS, "over ONVIF: 400 without a fault in it, whatever is wrong"),
    LATE_ANSWERS(
            ANSWERS,
            "over ONVIF: answers what it is asked by SOAP so much later; streams go on",
            "milliseconds",
            2000,
            1,
            120_000),
    OTHER_NAMESPACES(ANSWERS, "over ONVIF and WS-Discovery: answers in the namespaces of another version, or in none"),
    ODD_XML(ANSWERS, "over ONVIF: blank lines before its XML, and its name in GBK in what it calls UTF-8"),
    PACKED_ANSWERS(ANSWERS, "over HTTP: answers in gzip to who does not say that it wants none"),
    NO_PTZ_STATUS(ANSWERS, "over ONVIF: a head that does not tell where it is: a fault to GetStatus"),
    PTZ_DEGREES(
            ANSWERS,
            "over ONVIF: a head that also moves to positions in degrees, which are its usual ones: it tells them"),
    OTHER_ADDRESS(ANSWERS, "over WS-Discovery: names an address that is not its own, as behind a router"),
    HUGE_DISCOVERY(ANSWERS, "over WS-Discovery: answers for as many devices as a datagram holds"),
    MANY_DISCOVERIES(ANSWERS, "over WS-Discovery: says each answer so often", "times", 20, 2, 1000),
    ENCODER_KEEPS(ANSWERS, "over ONVIF: takes settings of a video encoder and stays as it is"),
    ENCODER_ROUNDS(
            ANSWERS,
            "over ONVIF: rounds settings of a video encoder, bit rates down to a power of two, key frames to whole"
                    + " seconds"),
    NO_MASKS(ANSWERS, "over ONVIF: has no privacy masks, and says so"),
    MASK_KEEPS(ANSWERS, "over ONVIF: takes privacy masks, changed or removed ones too, and stays as it is"),
    MASK_ROUNDS(ANSWERS, "over ONVIF: puts the corners of privacy masks on a grid of 16 by 16"),
    MASK_VAGUE(ANSWERS, "over ONVIF: tells privacy masks without their corners"),
    SECOND_LENS(
            ANSWERS,
            "over ONVIF: has a second lens, with a profile and recordings of its own; whose a recording is it tells 0:"
                    + " not, 1: by the scope of a search, 2: with each recording",
            "telling",
            0,
            0,
            2),
    METADATA_REFUSED(ANSWERS, "over ONVIF: puts metadata into no profile, and says so"),
    METADATA_KEEPS(ANSWERS, "over ONVIF: takes metadata for a profile, and its settings, and leaves all as it is"),
    AUDIO_STUCK(ANSWERS, "takes no more of the sound that a client sends, and goes on where it was when cleared"),
    NOT_FOUND(ANSWERS, "404 to DESCRIBE and SETUP"),
    BUSY(ANSWERS, "453 to every SETUP"),
    SESSION_LIMIT(
            ANSWERS,
            "453 to SETUP of a session beyond so many; 503 to an event stream beyond so many",
            "sessions",
            1,
            0,
            1000),
    SESSION_LIMIT_503(ANSWERS, "as session-limit, but 503 to SETUP", "sessions", 1, 0, 1000),
    ANSWER_HTTP(ANSWERS, "answers every RTSP request in HTTP"),
    NO_TCP(ANSWERS, "461 to interleaved TCP: UDP only"),
    NO_MULTICAST(ANSWERS, "461 to multicast; over ONVIF no address for it"),
    OTHER_CHANNELS(
            ANSWERS, "answers SETUP over TCP with channels so much higher than asked for", "channels", 10, 2, 100),
    ODD_HEADERS(ANSWERS, "header names in lower case, no space after the colon, unknown and empty headers, LF in SDP"),
    NO_RTP_INFO(ANSWERS, "neither RTP-Info nor Range in the answer to PLAY"),
    NO_SESSION_TIMEOUT(ANSWERS, "the Session header does not tell its timeout"),
    NO_GET_PARAMETER(ANSWERS, "501 to GET_PARAMETER, and not in OPTIONS"),
    SERVER_REQUESTS(
            ANSWERS, "sends a request of its own (OPTIONS) to a playing client so often", "seconds", 2, 1, 3600),
    UNSUPPORTED_CODEC(ANSWERS, "SDP names a codec nobody knows"),
    NO_PARAMETER_SETS(ANSWERS, "SDP carries no parameter sets; they come with the key frames only"),
    WRONG_PARAMETER_SETS(
            ANSWERS, "SDP carries the parameter sets of the other stream; the key frames carry the right ones"),
    ABSOLUTE_CONTROL(ANSWERS, "SDP names its tracks by absolute URL; no Content-Base"),
    SDP_WITHOUT_MEDIA(ANSWERS, "SDP ends before its first track"),
    SDP_BROKEN(ANSWERS, "SDP with lines that are none and numbers that are none, of the right length"),

    STALL(
            MEDIA,
            "no RTP for so long, 0: until cleared; requests are answered; goes on with a key frame",
            "seconds",
            5,
            0,
            86_400),
    DROP_PACKETS(MEDIA, "leaves out every n-th RTP packet; its sequence number is used up", "every", 50, 2, 1_000_000),
    REORDER(MEDIA, "sends every n-th RTP packet after its successor", "every", 50, 2, 1_000_000),
    GARBAGE(
            MEDIA,
            "after every n-th packet: stray bytes and, in turn, a frame on a channel nobody set up (TCP only)",
            "every",
            100,
            1,
            1_000_000),
    CORRUPT_RTP(
            MEDIA,
            "after every n-th packet one of three bytes or of a wrong version, on the proper channel",
            "every",
            100,
            1,
            1_000_000),
    ENDLESS_NAL(
            MEDIA, "one NAL unit that never ends, at this rate, instead of video", "kbitPerSecond", 4000, 8, 200_000),
    BITRATE(MEDIA, "filler NAL units raise the video's bit rate so many times", "times", 10, 2, 200),
    START_MID_GOP(MEDIA, "a session starts at any frame, not at a key frame"),
    RESOLUTION_CHANGE(
            MEDIA,
            "from the next key frame main sends sub's picture, with its parameter sets, and the reverse; back when"
                    + " cleared"),
    WRAP(MEDIA, "sequence numbers and RTP timestamps of a session begin a second before they wrap"),
    TIMESTAMP_JUMP(MEDIA, "RTP timestamps jump by this much, once, when set", "seconds", 3600, -86_400, 86_400),
    TIMESTAMP_FREEZE(MEDIA, "RTP timestamps stand still while packets go on"),

    CLOCK_JUMP(
            CLOCK,
            "the camera's own clock, in sender reports and what the device tells, is wrong by this much; right when"
                    + " cleared",
            "seconds",
            3600,
            -157_680_000,
            157_680_000),

    EVENT_STORM(EVENTS, "motion begins and ends so often, and ends as it really is", "perSecond", 200, 1, 10_000),
    EVENTS_STUCK(EVENTS, "the end of a state is not told; who asks for the states anew learns it"),
    EVENTS_SILENT(EVENTS, "event streams stay open, but nothing is said in them and no ping is answered"),
    PULL_POINT_GONE(EVENTS, "over ONVIF: pull points are forgotten as soon as they are made"),
    NO_PULL_POINT(EVENTS, "over ONVIF: has no pull points; tells what happens by base notification only"),
    ABSOLUTE_TIMES(
            EVENTS, "over ONVIF: takes no duration for the end of a subscription, but a moment of its own clock"),
    SUBSCRIPTION_FAULTS(
            EVENTS,
            "over ONVIF: what is wrong with a subscription it tells 0: as a wrong argument and no more, 1: in the detail"
                    + " of a fault only, 2: by 404 or by a fault without a name",
            "form",
            0,
            0,
            2),
    BRIEF_SUBSCRIPTIONS(
            EVENTS,
            "over ONVIF: grants a subscription by base notification so much, whatever is asked for",
            "seconds",
            20,
            1,
            3600);

    private final FaultArea area;
    private final String does;
    private final String unit;
    private final long preset;
    private final long min;
    private final long max;

    FaultKind(FaultArea area, String does) {
        this(area, does, "", 0, 0, 0);
    }

    FaultKind(FaultArea area, String does, String unit, long preset, long min, long max) {
        this.area = area;
        this.does = does;
        this.unit = unit;
        this.preset = preset;
        this.min = min;
        this.max = max;
    }

    /** As written on command lines and in the control API: {@code drop-packets}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public FaultArea area() {
        return area;
    }

    /** What a camera with this fault does, for people. */
    public String does() {
        return does;
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
                .orElseThrow(() -> new BadInputException(
                        "kind",
                        "there is no fault '" + id + "'",
                        "give one of "
                                + Arrays.stream(values()).map(FaultKind::id).collect(Collectors.joining(", "))));
    }
}
