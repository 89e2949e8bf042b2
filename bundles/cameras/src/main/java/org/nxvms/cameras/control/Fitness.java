// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nxvms.cameras.device.Listening;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamRole;
import org.nxvms.media.StreamStatistics;
import org.nxvms.platform.api.camera.DeviceFacts;

/** Whether a camera fares worse with another version of its driver than before. Control thread. */
final class Fitness {
    /** A contact that takes longer has been given up and reported by then. */
    static final int ANSWER_MS_MAX = Contacts.OVERDUE_MS + 5_000;
    /** An endpoint that changed is connected anew, at the connect rate of all cameras. */
    static final int STREAM_MS_MAX = 30_000;
    /** A feed that failed is begun anew with back-off. */
    static final int EVENTS_MS_MAX = 60_000;

    /** What a camera has before it is moved. */
    record Before(
            Set<StreamRole> offered,
            Set<StreamRole> missed,
            Map<StreamRole, OptionalLong> picturesByRole,
            Set<String> capabilities,
            boolean heard,
            boolean reached) {}

    /**
     * What is worse.
     *
     * @param driversDoing whether the driver is to blame, rather than a network or device that may have failed at this moment
     */
    record Finding(String sentence, boolean driversDoing) {}

    private final Wishes wishes;
    private final Listening listening;
    private final Supplier<StreamHub> hub;

    Fitness(Wishes wishes, Listening listening, Supplier<StreamHub> hub) {
        this.wishes = wishes;
        this.listening = listening;
        this.hub = hub;
    }

    Before before(Supervised camera) {
        Map<StreamRole, OptionalLong> pictures = new EnumMap<>(StreamRole.class);
        for (StreamOffer offer : camera.known) {
            if (wishes.arrives(camera, offer.role())) {
                pictures.put(offer.role(), pictures(camera, offer.role()));
            }
        }
        return new Before(
                offered(camera),
                Set.copyOf(camera.missed.keySet()),
                pictures,
                camera.facts.map(facts -> Set.copyOf(facts.capabilities())).orElse(Set.of()),
                listening.hears(camera.id).orElse(false),
                camera.facts.isPresent() && camera.trouble == null);
    }

    /**
     * {@return what is worse now}
     *
     * @param movedMs how long ago it was moved to {@code version}
     * @param last whether this look decides: nothing is waited for any more
     */
    Optional<Finding> worse(Supervised camera, Before before, String version, long movedMs, boolean last) {
        if (camera.trouble != null) {
            DriverException.Kind kind = camera.trouble.kind();
            boolean chance = kind == DriverException.Kind.UNREACHABLE
                    || kind == DriverException.Kind.AUTH
                    || kind == DriverException.Kind.BUSY;
            return found("it cannot be asked for its streams: " + camera.trouble.message(), !chance);
        }
        if (!answered(camera, version)) {
            return last || movedMs > ANSWER_MS_MAX
                    ? found("the new version has not answered", false)
                    : Optional.empty();
        }
        Set<StreamRole> lost = new TreeSet<>(before.offered());
        lost.removeAll(offered(camera));
        lost.addAll(camera.missed.keySet());
        lost.removeAll(before.missed());
        if (!lost.isEmpty()) {
            return found("the new version does not name the stream " + ids(lost), true);
        }
        Set<String> missing = new TreeSet<>(before.capabilities());
        camera.facts.ifPresent(facts -> missing.removeAll(facts.capabilities()));
        if (!missing.isEmpty()) {
            return found("the new version does not offer " + String.join(", ", missing), true);
        }
        return silent(camera, before, movedMs, last);
    }

    private Optional<Finding> silent(Supervised camera, Before before, long movedMs, boolean last) {
        List<StreamRole> still = new ArrayList<>();
        before.picturesByRole().forEach((role, pictures) -> {
            boolean sends = wishes.arrives(camera, role);
            // Fewer than before: the hub is a new one.
            boolean stuck =
                    last && pictures.isPresent() && pictures(camera, role).equals(pictures);
            if (!sends && (last || movedMs > STREAM_MS_MAX) || sends && stuck) {
                still.add(role);
            }
        });
        if (!still.isEmpty()) {
            return found("no pictures arrive of the stream " + ids(still), false);
        }
        boolean deaf = before.heard() && !listening.hears(camera.id).orElse(false);
        return deaf && (last || movedMs > EVENTS_MS_MAX) ? found("its events do not arrive", false) : Optional.empty();
    }

    /** {@return whether what is known of a camera was said by this version} */
    static boolean answered(Supervised camera, String version) {
        return camera.facts
                .map(DeviceFacts::driverVersion)
                .filter(version::equals)
                .isPresent();
    }

    private static Set<StreamRole> offered(Supervised camera) {
        return camera.known.stream().map(StreamOffer::role).collect(Collectors.toSet());
    }

    /** {@return how many pictures came; empty while the hub is away} */
    private OptionalLong pictures(Supervised camera, StreamRole role) {
        StreamHub rings = hub.get();
        Optional<StreamStatistics> statistics =
                rings == null ? Optional.empty() : rings.statistics(wishes.stream(camera, role));
        return statistics.map(now -> OptionalLong.of(now.pictures())).orElse(OptionalLong.empty());
    }

    private static String ids(Iterable<StreamRole> roles) {
        List<String> ids = new ArrayList<>();
        roles.forEach(role -> ids.add(role.id()));
        return String.join(", ", ids);
    }

    private static Optional<Finding> found(String sentence, boolean driversDoing) {
        return Optional.of(new Finding(sentence, driversDoing));
    }
}
