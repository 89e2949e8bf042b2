// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;

/**
 * The configured cameras, as devices that are found can be told to be them: by their MAC address, by host and port, and by the
 * host alone where it is that of one device. Immutable once made.
 */
final class KnownCameras {
    static final KnownCameras NONE = new KnownCameras();

    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443, "rtsp", 554, "rtsps", 322);

    private final Map<String, UUID> byMac = new HashMap<>();
    private final Map<String, UUID> byPlace = new HashMap<>();
    private final Map<String, UUID> byHost = new HashMap<>();

    private KnownCameras() {}

    static KnownCameras of(CameraRegistry registry) {
        KnownCameras known = new KnownCameras();
        for (Camera camera : registry.list()) {
            place(camera.address()).ifPresent(place -> known.byPlace.putIfAbsent(place, camera.id()));
            host(camera.address()).ifPresent(host -> known.byHost.putIfAbsent(host, camera.id()));
            registry.status(camera.id())
                    .flatMap(CameraStatus::device)
                    .map(facts -> facts.identity().macAddress().toLowerCase(Locale.ROOT))
                    .filter(mac -> !mac.isEmpty())
                    .ifPresent(mac -> known.byMac.putIfAbsent(mac, camera.id()));
        }
        return known;
    }

    /** {@return the host in lower case; empty for an address without one, such as a file} */
    static Optional<String> host(URI address) {
        return Optional.ofNullable(address.getHost()).map(host -> host.toLowerCase(Locale.ROOT));
    }

    private static Optional<String> place(URI address) {
        int usual = PORTS.getOrDefault(
                Optional.ofNullable(address.getScheme()).orElse("").toLowerCase(Locale.ROOT), -1);
        return host(address).map(host -> host + " " + (address.getPort() < 0 ? usual : address.getPort()));
    }

    /** @param ofHost how many devices were found at a host */
    Optional<UUID> at(URI address, DeviceIdentity identity, Map<String, Integer> ofHost) {
        return Optional.ofNullable(byMac.get(identity.macAddress()))
                .or(() -> place(address).map(byPlace::get))
                .or(() -> host(address)
                        .filter(host -> ofHost.getOrDefault(host, 0) == 1)
                        .map(byHost::get));
    }
}
