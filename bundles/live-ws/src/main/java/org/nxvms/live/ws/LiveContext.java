// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.servlet.GuardedContext;
import org.nxvms.rest.kit.whiteboard.ContextGate;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The servlet context of WebSockets, of its own so that nothing here restarts REST. An upgrade without valid
 * credentials, or by cookie from a foreign page, is refused before it happens (401, 403).
 */
@Component(
        service = {},
        immediate = true)
public final class LiveContext extends GuardedContext {
    /** Name to select the context by. */
    public static final String NAME = "nxvms-ws";

    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    private ContextGate gate;

    /** For the component runtime. */
    public LiveContext() {}

    /** For tests. */
    LiveContext(AccessGuard guard) {
        this.guard = guard;
    }

    @Activate
    void open(BundleContext bundle) {
        gate = new ContextGate(bundle, NAME, "/ws/v1", this);
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
