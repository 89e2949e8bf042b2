// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.passage.PassageContext;
import org.nxvms.rest.kit.whiteboard.ContextGate;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The servlet context of media bytes. Of its own, so that nothing registered here restarts REST, console or
 * WebSockets. Nobody passes without valid credentials; whether they allow a camera is each servlet's
 * question.
 */
@Component(
        service = {},
        immediate = true)
public final class MediaContext extends PassageContext {
    static final String ARCHIVE = "/archive";
    static final String SEGMENTS = "/segments";
    static final String INIT = "/init";
    static final String KEY_FRAMES = "/keyframes";
    static final String TRACKS = "/tracks";

    private static final String NAME = "nxvms-media";
    private static final String WHAT = "Recorded media are";
    static final Set<String> PATHS = Stream.concat(
                    Stream.of(ALL, ARCHIVE, SEGMENTS, INIT, KEY_FRAMES, TRACKS), StandIn.paths().stream())
            .collect(Collectors.toUnmodifiableSet());

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    private ContextGate gate;

    /** For the component runtime. */
    public MediaContext() {
        super(NAME, WHAT, PATHS);
    }

    /** For tests. */
    MediaContext(AccessGuard guard) {
        this();
        this.guard = guard;
    }

    @Activate
    void open(BundleContext bundle) {
        gate = new ContextGate(bundle, NAME, "/media/v1", this, () -> serve(bundle, new NoMedia(() -> guard), ALL));
    }

    @Deactivate
    void close() {
        gate.close();
    }

    @Override
    protected AccessGuard guard() {
        return guard;
    }
}
