// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.sdp;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One {@code m=} section.
 *
 * @param kind {@code video}, {@code audio}, {@code application}, in lower case
 * @param port as announced, usually 0
 * @param protocol for example {@code RTP/AVP}
 * @param payloadTypes in the order of the line
 * @param attributes values of the {@code a=} lines
 */
public record MediaSection(
        String kind, int port, String protocol, List<Integer> payloadTypes, List<String> attributes) {
    private static final int PARAMETERS_MAX = 32;
    private static final int PIXELS_MAX = 16_384;

    public MediaSection {
        payloadTypes = List.copyOf(payloadTypes);
        attributes = List.copyOf(attributes);
    }

    /**
     * What a payload type stands for.
     *
     * @param type RTP payload type
     * @param encoding name in upper case, for example {@code H264}, {@code MPEG4-GENERIC}, {@code PCMU}
     * @param clockRate ticks per second
     * @param channels audio channels, 1 when not told
     */
    public record RtpMap(int type, String encoding, int clockRate, int channels) {}

    /** The first payload type that has a meaning: by {@code a=rtpmap}, or by the static table of RFC 3551. */
    public Optional<RtpMap> rtpMap() {
        return payloadTypes.stream().map(this::rtpMap).flatMap(Optional::stream).findFirst();
    }

    /** {@return what each payload type of the line stands for, as far as it has a meaning} */
    public List<RtpMap> rtpMaps() {
        return payloadTypes.stream().map(this::rtpMap).flatMap(Optional::stream).toList();
    }

    public Optional<RtpMap> rtpMap(int type) {
        for (String attribute : attributes) {
            if (!attribute.regionMatches(true, 0, "rtpmap:", 0, 7)) {
                continue;
            }
            String[] parts = attribute.substring(7).trim().split("\\s+", 2);
            if (parts.length == 2 && number(parts[0], -1) == type) {
                String[] coding = parts[1].trim().split("/", 3);
                int rate = coding.length > 1 ? number(coding[1], 0) : 0;
                int channels = coding.length > 2 ? number(coding[2], 1) : 1;
                return Optional.of(new RtpMap(
                        type,
                        coding[0].trim().toUpperCase(Locale.ROOT),
                        rate > 0 && rate <= 1_000_000 ? rate : defaultRate(),
                        channels >= 1 && channels <= 8 ? channels : 1));
            }
        }
        return switch (type) {
            case 0 -> Optional.of(new RtpMap(0, "PCMU", 8000, 1));
            // RFC 3551 took 2 back from G721, which is what cameras still mean by it.
            case 2 -> Optional.of(new RtpMap(2, "G726-32", 8000, 1));
            case 8 -> Optional.of(new RtpMap(8, "PCMA", 8000, 1));
            case 26 -> Optional.of(new RtpMap(26, "JPEG", 90_000, 1));
            default -> Optional.empty();
        };
    }

    /** Parameters of {@code a=fmtp} for a payload type, names in lower case. */
    public Map<String, String> formatParameters(int type) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String attribute : attributes) {
            if (!attribute.regionMatches(true, 0, "fmtp:", 0, 5)) {
                continue;
            }
            String[] parts = attribute.substring(5).trim().split("\\s+", 2);
            if (parts.length < 2 || number(parts[0], -1) != type) {
                continue;
            }
            for (String parameter : parts[1].split(";", PARAMETERS_MAX)) {
                int equals = parameter.indexOf('=');
                if (equals > 0) {
                    parameters.put(
                            parameter.substring(0, equals).trim().toLowerCase(Locale.ROOT),
                            parameter.substring(equals + 1).trim());
                }
            }
        }
        return parameters;
    }

    /** {@return an integer parameter of {@code a=fmtp}, or {@code otherwise} when missing or no number} */
    public int formatNumber(int type, String name, int otherwise) {
        return number(formatParameters(type).getOrDefault(name.toLowerCase(Locale.ROOT), ""), otherwise);
    }

    /** The {@code config} parameter of {@code mpeg4-generic} (RFC 3640 4.1), as bytes. */
    public Optional<byte[]> config(int type) {
        String hex = formatParameters(type).getOrDefault("config", "").replace("\"", "");
        try {
            return hex.isEmpty() || hex.length() > 256
                    ? Optional.empty()
                    : Optional.of(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException notHex) {
            return Optional.empty();
        }
    }

    public Optional<String> control() {
        return find(attributes, "control");
    }

    /** {@return value of {@code a=framerate} or {@code a=x-framerate}} */
    public OptionalDouble frameRate() {
        Optional<String> text = find(attributes, "framerate").or(() -> find(attributes, "x-framerate"));
        return text.isPresent() ? SessionDescription.rate(text.get()) : OptionalDouble.empty();
    }

    /** Width and height in pixels. */
    public record Dimensions(int width, int height) {}

    /** {@return value of {@code a=x-dimensions} or {@code a=framesize} (3GPP TS 26.234 5.3.3.2), both informal with JPEG} */
    public Optional<Dimensions> dimensions() {
        Optional<String> text = find(attributes, "x-dimensions")
                .or(() -> find(attributes, "framesize").map(size -> size.replaceFirst("^\\d+\\s+", "")));
        String[] parts = text.orElse("").split("\\s*[,x-]\\s*", 3);
        int width = parts.length == 2 ? number(parts[0], 0) : 0;
        int height = parts.length == 2 ? number(parts[1], 0) : 0;
        boolean sound = width > 0 && height > 0 && width <= PIXELS_MAX && height <= PIXELS_MAX;
        return sound ? Optional.of(new Dimensions(width, height)) : Optional.empty();
    }

    static Optional<String> find(List<String> attributes, String name) {
        for (String attribute : attributes) {
            if (attribute.length() > name.length()
                    && attribute.charAt(name.length()) == ':'
                    && attribute.regionMatches(true, 0, name, 0, name.length())) {
                return Optional.of(attribute.substring(name.length() + 1).trim());
            }
        }
        return Optional.empty();
    }

    static int number(String text, int otherwise) {
        try {
            return Integer.parseInt(text.trim());
        } catch (NumberFormatException notANumber) {
            return otherwise;
        }
    }

    private int defaultRate() {
        return "video".equals(kind) ? 90_000 : 8000;
    }
}
