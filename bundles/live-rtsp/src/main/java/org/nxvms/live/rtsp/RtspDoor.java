// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.Optional;
import org.nxvms.media.StreamHub;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.KeySignIn;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The RTSP server as a part of the whole: its settings and what it asks of others. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "org.nxvms.live.rtsp")
@Designate(ocd = Settings.class)
public final class RtspDoor {
    private static final String PORT_VARIABLE = "NXVMS_RTSP_PORT";
    private static final int PORT = 8554;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile StreamHub hub;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile KeySignIn keys;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Renditions renditions;

    private final Places places;
    private final TlsKeys tls;
    private final Listener listener;

    @Activate
    public RtspDoor(Settings settings, @Reference ServerIdentity identity) {
        places = new Places(settings.sessionsMax(), settings.sessionsPerUserMax());
        tls = new TlsKeys(identity.dataFolder().resolve("keys"));
        listener = new Listener(
                new Services(
                        () -> hub,
                        () -> guard,
                        () -> keys,
                        () -> cameras,
                        () -> archive,
                        () -> audit,
                        () -> renditions),
                tls);
        apply(settings);
    }

    @Modified
    void apply(Settings settings) {
        places.limit(settings.sessionsMax(), settings.sessionsPerUserMax());
        tls.allow(settings.tls12());
        Rules rules = new Rules(
                settings.plain(),
                settings.udp(),
                new UdpOutlet.Ports(settings.udpPortMin(), settings.udpPortMax()),
                settings.timeoutSeconds(),
                settings.tickMs(),
                places);
        Optional<Listener.Address> address = settings.enabled()
                ? Optional.of(new Listener.Address(settings.address(), port(settings)))
                : Optional.empty();
        listener.apply(rules, address, settings.sessionsMax());
    }

    private static int port(Settings settings) {
        String told = System.getenv().getOrDefault(PORT_VARIABLE, "");
        int usual = told.matches("\\d{1,5}") ? Integer.parseInt(told) : PORT;
        return settings.port() > 0 ? settings.port() : usual;
    }

    @Deactivate
    void stop() {
        listener.close();
    }
}
