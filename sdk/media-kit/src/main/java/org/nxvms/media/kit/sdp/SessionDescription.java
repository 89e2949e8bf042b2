// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.sdp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A session description: the few session fields that matter to a receiver and the media sections. Unknown and malformed
 * lines are skipped, as every client has to.
 *
 * @param name the {@code s=} line, may be empty
 * @param control session level {@code a=control}
 * @param range session level {@code a=range}
 * @param media media sections in order
 */
public record SessionDescription(
        String name, Optional<String> control, Optional<String> range, List<MediaSection> media) {
    /** Longest description that is read. */
    public static final int BYTES_MAX = 64 << 10;

    private static final Set<String> DIRECTIONS = Set.of("sendrecv", "sendonly", "recvonly", "inactive");
    private static final int MEDIA_MAX = 16;
    private static final int ATTRIBUTES_MAX = 64;
    private static final int LINE_CHARS_MAX = 8192;

    public SessionDescription {
        media = List.copyOf(media);
    }

    public static SessionDescription parse(byte[] body) throws SdpException {
        if (body.length > BYTES_MAX) {
            throw new SdpException("session description of " + body.length + " bytes, at most " + BYTES_MAX);
        }
        Builder session = new Builder("", 0, "", List.of());
        List<Builder> sections = new ArrayList<>();
        Builder current = session;
        String name = "";
        boolean any = false;
        for (String line : new String(body, StandardCharsets.UTF_8).split("[\r\n]+")) {
            if (line.length() < 2 || line.charAt(1) != '=' || line.length() > LINE_CHARS_MAX) {
                continue;
            }
            any = true;
            String value = line.substring(2).trim();
            switch (line.charAt(0)) {
                case 's' -> name = value;
                case 'm' -> {
                    if (sections.size() == MEDIA_MAX) {
                        throw new SdpException("more than " + MEDIA_MAX + " media sections");
                    }
                    current = Builder.ofMediaLine(value);
                    sections.add(current);
                }
                case 'a' -> {
                    if (current.attributes.size() < ATTRIBUTES_MAX) {
                        current.attributes.add(value);
                    }
                }
                default -> {
                    // v, o, c, t, b: of no use to a receiver over interleaved TCP
                }
            }
        }
        if (!any) {
            throw new SdpException("no line of the form x=... in " + body.length + " bytes");
        }
        List<MediaSection> media = new ArrayList<>();
        for (Builder section : sections) {
            section.inherit(session);
            media.add(section.build());
        }
        return new SessionDescription(
                name,
                MediaSection.find(session.attributes, "control"),
                MediaSection.find(session.attributes, "range"),
                media);
    }

    /** Collects one section's lines. */
    private static final class Builder {
        private final String kind;
        private final int port;
        private final String protocol;
        private final List<Integer> payloadTypes;
        private final List<String> attributes = new ArrayList<>();

        Builder(String kind, int port, String protocol, List<Integer> payloadTypes) {
            this.kind = kind;
            this.port = port;
            this.protocol = protocol;
            this.payloadTypes = payloadTypes;
        }

        static Builder ofMediaLine(String value) {
            String[] parts = value.split("\\s+", 64);
            List<Integer> types = new ArrayList<>();
            for (int i = 3; i < parts.length; i++) {
                int type = MediaSection.number(parts[i], -1);
                if (type >= 0 && type <= 127) {
                    types.add(type);
                }
            }
            String port = parts.length > 1 ? parts[1].split("/", 2)[0] : "";
            return new Builder(
                    parts[0].toLowerCase(Locale.ROOT),
                    MediaSection.number(port, 0),
                    parts.length > 2 ? parts[2] : "",
                    types);
        }

        /** A direction of the session is that of each part that says none (RFC 8866 6.7). */
        void inherit(Builder session) {
            if (attributes.stream().noneMatch(Builder::isDirection)) {
                session.attributes.stream()
                        .filter(Builder::isDirection)
                        .findFirst()
                        .ifPresent(attributes::add);
            }
        }

        private static boolean isDirection(String attribute) {
            return DIRECTIONS.contains(attribute.toLowerCase(Locale.ROOT));
        }

        MediaSection build() {
            return new MediaSection(kind, port, protocol, payloadTypes, attributes);
        }
    }

    /** {@return frames per second of a {@code framerate} attribute} */
    static OptionalDouble rate(String text) {
        try {
            double rate = Double.parseDouble(text.trim());
            return rate > 0 && rate <= 1000 ? OptionalDouble.of(rate) : OptionalDouble.empty();
        } catch (NumberFormatException notANumber) {
            return OptionalDouble.empty();
        }
    }
}
