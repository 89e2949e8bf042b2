// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.nxvms.media.kit.sdp.MediaSection;

/**
 * What a player offers (RFC 8829, WHEP), as far as a server that only sends has to know. Everything that comes back in the answer
 * was held against a grammar first, so that no offer writes lines of ours.
 *
 * @param fingerprint SHA-256 of the player's certificate, 32 bytes
 * @param sections in the order of the offer
 */
public record Offer(byte[] fingerprint, List<Section> sections) {
    /** Longest offer that is read; a browser's with all its codecs has 8 KiB. */
    public static final int CHARS_MAX = 64 << 10;

    private static final int SECTIONS_MAX = 8;
    /** Of one section; Chromium writes 130 lines for video. */
    private static final int ATTRIBUTES_MAX = 512;

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`{|}~/-]{1,64}");
    private static final Pattern MID = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,16}");
    private static final String SECURE = "UDP/TLS/RTP/SAVPF";
    private static final Set<String> RECEIVING = Set.of("recvonly", "sendrecv");

    public Offer {
        sections = List.copyOf(sections);
    }

    /**
     * One {@code m=} section.
     *
     * @param mid its name in the bundle
     * @param format the first of its formats, as it stands there
     * @param bundled whether it shares the connection with the others
     * @param media kind, payload types and attributes
     */
    public record Section(String mid, String format, boolean bundled, MediaSection media) {
        /** {@return whether the player wants to be sent something here} */
        public boolean receives() {
            return objection().isEmpty();
        }

        /** {@return why nothing can be sent here, behind "The offer's section", with the way out; empty when it can} */
        public String objection() {
            if (!media.protocol().equals(SECURE)) {
                return "has the transport " + media.protocol() + ": offer " + SECURE;
            }
            if (media.port() == 0) {
                return "is switched off by its port 0: give it another, such as 9";
            }
            if (!bundled) {
                return "is in no a=group:BUNDLE: name its a=mid there";
            }
            return RECEIVING.contains(direction())
                    ? ""
                    : "is a=" + direction() + ", and the server only sends: offer a=recvonly";
        }

        private String direction() {
            for (String attribute : media.attributes()) {
                if (attribute.equals("sendonly") || attribute.equals("inactive") || RECEIVING.contains(attribute)) {
                    return attribute;
                }
            }
            return "sendrecv";
        }

        /** {@return number that the player gives to an extension of RTP headers, 1..14} */
        public Optional<Integer> extension(String uri) {
            for (String attribute : media.attributes()) {
                String[] parts = attribute.split("\\s+", 3);
                if (parts.length >= 2 && parts[0].startsWith("extmap:") && parts[1].equals(uri)) {
                    int id = number(parts[0].substring(7).split("/", 2)[0]);
                    return id >= 1 && id <= 14 ? Optional.of(id) : Optional.empty();
                }
            }
            return Optional.empty();
        }

        /** {@return payload type in which packets of another are sent again (RFC 4588)} */
        public Optional<Integer> resendOf(int payloadType) {
            return media.rtpMaps().stream()
                    .filter(map ->
                            map.encoding().equals("RTX") && media.formatNumber(map.type(), "apt", -1) == payloadType)
                    .map(MediaSection.RtpMap::type)
                    .findFirst();
        }
    }

    /** Reads an offer. */
    public static Offer parse(String text) throws OfferException {
        if (text.length() > CHARS_MAX) {
            throw new OfferException("The offer has more than " + CHARS_MAX + " characters");
        }
        if (!text.startsWith("v=0")) {
            throw new OfferException("The body is no session description: it has to begin with v=0");
        }
        List<String> session = new ArrayList<>();
        List<String> mediaLines = new ArrayList<>();
        List<List<String>> attributes = new ArrayList<>();
        List<String> current = session;
        for (String line : text.split("\r?\n")) {
            if (line.startsWith("m=")) {
                if (mediaLines.size() == SECTIONS_MAX) {
                    throw new OfferException("The offer has more than " + SECTIONS_MAX + " media sections");
                }
                mediaLines.add(line.substring(2).trim());
                current = new ArrayList<>();
                attributes.add(current);
            } else if (line.startsWith("a=") && current.size() < ATTRIBUTES_MAX) {
                current.add(line.substring(2).trim());
            }
        }
        if (mediaLines.isEmpty()) {
            throw new OfferException("The offer has no media section: offer to receive video");
        }
        Set<String> bundle = bundle(session);
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < mediaLines.size(); i++) {
            Section section = section(mediaLines.get(i), attributes.get(i), bundle);
            if (sections.stream().anyMatch(other -> other.mid().equals(section.mid()))) {
                throw new OfferException("Two media sections have the same a=mid: give each its own");
            }
            sections.add(section);
        }
        List<String> all = new ArrayList<>(session);
        attributes.forEach(all::addAll);
        if (find(all, "setup").filter("passive"::equals).isPresent()) {
            throw new OfferException("The server waits for DTLS: offer a=setup:actpass or a=setup:active");
        }
        if (find(all, "ice-ufrag").isEmpty() || find(all, "ice-pwd").isEmpty()) {
            throw new OfferException(
                    "The offer has no a=ice-ufrag and a=ice-pwd: the way to the player is found by ICE, which needs both");
        }
        return new Offer(fingerprint(all), sections);
    }

    private static Set<String> bundle(List<String> session) {
        for (String attribute : session) {
            String[] parts = attribute.split("\\s+");
            if (parts[0].equals("group:BUNDLE")) {
                return Set.of(List.of(parts).stream().skip(1).distinct().toArray(String[]::new));
            }
        }
        return Set.of();
    }

    private static Section section(String line, List<String> attributes, Set<String> bundle) throws OfferException {
        String[] parts = line.split("\\s+");
        if (parts.length < 4
                || !TOKEN.matcher(parts[0]).matches()
                || !TOKEN.matcher(parts[2]).matches()
                || !TOKEN.matcher(parts[3]).matches()) {
            throw new OfferException("A media line is not of the form m=video 9 UDP/TLS/RTP/SAVPF 96");
        }
        List<Integer> types = new ArrayList<>();
        for (int i = 3; i < parts.length && i < 128; i++) {
            int type = number(parts[i]);
            if (type >= 0 && type <= 127) {
                types.add(type);
            }
        }
        String mid = find(attributes, "mid").orElse("");
        if (!MID.matcher(mid).matches()) {
            throw new OfferException("A media section has no a=mid of up to 16 letters and digits");
        }
        MediaSection media = new MediaSection(
                parts[0].toLowerCase(Locale.ROOT), Math.max(0, number(parts[1])), parts[2], types, attributes);
        return new Section(mid, parts[3], bundle.contains(mid), media);
    }

    private static byte[] fingerprint(List<String> attributes) throws OfferException {
        for (String attribute : attributes) {
            String[] parts = attribute.split("\\s+", 2);
            if (parts.length == 2 && parts[0].equalsIgnoreCase("fingerprint:sha-256")) {
                return Fingerprints.bytes(parts[1])
                        .orElseThrow(() -> new OfferException("a=fingerprint:sha-256 is not 32 bytes in hex"));
            }
        }
        throw new OfferException("The offer has no a=fingerprint:sha-256: a certificate of the player is wanted");
    }

    private static Optional<String> find(List<String> attributes, String name) {
        return attributes.stream()
                .filter(attribute -> attribute.startsWith(name + ":"))
                .map(attribute -> attribute.substring(name.length() + 1).trim())
                .findFirst();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }
}
