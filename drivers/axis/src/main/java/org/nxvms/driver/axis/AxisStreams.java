// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.axis.AxisFacts.Profile;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;

/** Which stream profile is which stream. The same facts always give equal endpoints. */
record AxisStreams(Profile main, Optional<Profile> sub) {
    /** A camera without profiles streams what is set as its default. */
    private static final Profile DEFAULT = new Profile("", 0, "", true);

    static AxisStreams choose(List<Profile> profiles, AxisSettings settings) throws DriverException {
        Profile main = settings.mainProfile().isPresent()
                ? named(profiles, "mainProfile", settings.mainProfile().get())
                : profiles.stream()
                        .filter(Profile::usable)
                        .max(Comparator.comparingLong(Profile::pixels))
                        .orElse(DEFAULT);
        if (settings.subProfile().isPresent()) {
            return new AxisStreams(
                    main,
                    Optional.of(
                            named(profiles, "subProfile", settings.subProfile().get())));
        }
        return new AxisStreams(
                main,
                profiles.stream()
                        .filter(profile -> profile.usable() && profile.pixels() > 0 && profile.pixels() < main.pixels())
                        .min(Comparator.comparingLong(Profile::pixels)));
    }

    private static Profile named(List<Profile> profiles, String setting, String name) throws DriverException {
        return profiles.stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new DriverException(
                        DriverException.Kind.CONFIG,
                        "The setting " + setting + " names '" + name
                                + "', but the camera has no such stream profile; it has "
                                + profiles.stream().map(Profile::name).toList() + "."));
    }

    List<StreamOffer> offers(
            String host, int port, Optional<Credentials> credentials, StreamEndpoint.Transport transport) {
        List<StreamOffer> offers = new ArrayList<>(2);
        offers.add(offer(StreamRole.MAIN, main, host, port, credentials, transport));
        sub.ifPresent(profile -> offers.add(offer(StreamRole.SUB, profile, host, port, credentials, transport)));
        return List.copyOf(offers);
    }

    private static StreamOffer offer(
            StreamRole role,
            Profile profile,
            String host,
            int port,
            Optional<Credentials> credentials,
            StreamEndpoint.Transport transport) {
        String query = profile.name().isEmpty()
                ? ""
                : "?streamprofile="
                        + URLEncoder.encode(profile.name(), StandardCharsets.UTF_8)
                                .replace("+", "%20");
        URI uri = URI.create("rtsp://" + host + ":" + port + "/axis-media/media.amp" + query);
        return new StreamOffer(
                role,
                profile.name().isEmpty() ? "default" : profile.name(),
                new StreamEndpoint(uri, credentials, List.of(transport), Map.of()));
    }
}
