// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.StreamRole;

/**
 * The media profiles of a device, and which of them is which stream.
 *
 * <p>Main: the one with most pixels, of those of H.264 and H.265 where there are any; of equal ones the first. Sub: the one
 * with fewest pixels among those of the same video source and codec kind that have fewer than main. Settings go before.
 *
 * @param otherSources tokens of video sources, and of their configurations, that are not main's
 * @param encoders of main's video source: main's first, then sub's, then those of other profiles
 * @param all those of the device that have a video encoder
 * @param media2 whether they were told by Media2, which then also tells their addresses
 */
record Profiles(
        Profile main,
        Optional<Profile> sub,
        Set<String> otherSources,
        List<Encoder> encoders,
        List<Profile> all,
        boolean media2) {
    private static final int PROFILES_MAX = 200;
    private static final int NAME_MAX = 100;

    /**
     * The configuration of a video encoder.
     *
     * @param streams which streams it makes; of those that nobody fetches none
     */
    record Encoder(String token, Set<StreamRole> streams) {}

    static Profiles ask(Services services, OnvifSettings settings) throws DriverException {
        List<Profile> found = List.of();
        boolean media2 = services.has(Service.MEDIA2);
        if (media2) {
            found = services.find(Service.MEDIA2, "GetProfiles", "<o:Type>All</o:Type>")
                    .map(Profiles::parse)
                    .orElse(List.of());
        }
        if (found.stream().noneMatch(Profile::isUsable) && services.has(Service.MEDIA)) {
            media2 = false;
            found = parse(services.call(Service.MEDIA, "GetProfiles", ""));
        }
        return choose(found, settings, media2);
    }

    /** {@return what both services answer}: the elements of Media2 lie one deeper and have shorter names. */
    static List<Profile> parse(XmlNode answer) {
        List<Profile> profiles = new ArrayList<>();
        for (XmlNode told : answer.all("Profiles")) {
            XmlNode parts = told.find("Configurations").orElse(told);
            Optional<XmlNode> encoder = parts.find("VideoEncoder").or(() -> parts.find("VideoEncoderConfiguration"));
            Optional<XmlNode> source = parts.find("VideoSource").or(() -> parts.find("VideoSourceConfiguration"));
            Optional<XmlNode> ptz = parts.find("PTZ").or(() -> parts.find("PTZConfiguration"));
            if (encoder.isPresent() && !told.attribute("token").isEmpty() && profiles.size() < PROFILES_MAX) {
                profiles.add(new Profile(
                        told.attribute("token"),
                        shortened(told.text("Name")),
                        encoder.get().attribute("token"),
                        encoder.get().text("Encoding"),
                        number(encoder.get().text("Resolution", "Width")),
                        number(encoder.get().text("Resolution", "Height")),
                        source.map(node -> node.text("SourceToken")).orElse(""),
                        source.map(node -> node.attribute("token")).orElse(""),
                        ptz.map(node -> node.attribute("token")).orElse(""),
                        ptz.map(node -> node.text("NodeToken")).orElse(""),
                        ProfileScene.of(told)));
            }
        }
        return List.copyOf(profiles);
    }

    static String shortened(String name) {
        String safe = name.replaceAll("\\p{Cntrl}", "?");
        return safe.length() <= NAME_MAX ? safe : safe.substring(0, NAME_MAX);
    }

    private static int number(String text) {
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }

    static Profiles choose(List<Profile> found, OnvifSettings settings, boolean media2) throws DriverException {
        Profile main;
        if (settings.mainProfile().isPresent()) {
            main = named(found, "mainProfile", settings.mainProfile().get());
        } else {
            boolean modern = found.stream().anyMatch(Profile::isModern);
            main = found.stream()
                    .filter(profile -> modern ? profile.isModern() : profile.isUsable())
                    .reduce((one, other) -> other.pixels() > one.pixels() ? other : one)
                    .orElseThrow(() -> new DriverException(
                            Kind.UNSUPPORTED,
                            "The camera has no media profile with H.264, H.265 or JPEG; set one up in it. It has "
                                    + DeviceHttp.words(found.stream()
                                            .map(profile -> profile.name() + " (" + profile.encoding() + ")")
                                            .toList()
                                            .toString())
                                    + "."));
        }
        Optional<Profile> sub = settings.subProfile().isPresent()
                ? Optional.of(named(found, "subProfile", settings.subProfile().get()))
                : found.stream()
                        .filter(profile -> profile.isUsable()
                                && profile.isModern() == main.isModern()
                                && profile.source().equals(main.source())
                                && profile.pixels() > 0
                                && profile.pixels() < main.pixels())
                        .min(Comparator.comparingLong(Profile::pixels));
        Set<String> others = found.stream()
                .filter(profile -> !profile.source().equals(main.source()))
                .flatMap(profile -> Stream.of(profile.source(), profile.sourceConfiguration()))
                .filter(token -> !token.isEmpty() && !token.equals(main.sourceConfiguration()))
                .collect(Collectors.toUnmodifiableSet());
        return new Profiles(main, sub, others, encoders(found, main, sub), List.copyOf(found), media2);
    }

    private static List<Encoder> encoders(List<Profile> found, Profile main, Optional<Profile> sub) {
        Map<String, Set<StreamRole>> byToken = new LinkedHashMap<>();
        rolesOf(byToken, main.encoder()).add(StreamRole.MAIN);
        sub.ifPresent(profile -> rolesOf(byToken, profile.encoder()).add(StreamRole.SUB));
        found.stream()
                .filter(profile -> profile.source().equals(main.source()))
                .forEach(profile -> rolesOf(byToken, profile.encoder()));
        byToken.remove("");
        return byToken.entrySet().stream()
                .map(each -> new Encoder(each.getKey(), Set.copyOf(each.getValue())))
                .toList();
    }

    private static Set<StreamRole> rolesOf(Map<String, Set<StreamRole>> byToken, String token) {
        return byToken.computeIfAbsent(token, key -> EnumSet.noneOf(StreamRole.class));
    }

    private static Profile named(List<Profile> found, String setting, String wanted) throws DriverException {
        return found.stream()
                .filter(profile -> profile.isCalled(wanted))
                .findFirst()
                .orElseThrow(() -> new DriverException(
                        Kind.CONFIG,
                        "The setting " + setting + " names '" + wanted
                                + "', but the camera has no such media profile; it has "
                                + DeviceHttp.words(found.stream()
                                        .map(Profile::name)
                                        .toList()
                                        .toString())
                                + "."));
    }
}
