// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.nowhere;

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
 * The servlet context of {@code /media}. Whoever serves media has a context of a longer path, so that only requests for what is
 * away, or never was, come here.
 */
@Component(
        service = {},
        immediate = true)
public final class MediaContext extends GuardedContext {
    static final String PATH = "/media";
    static final String NAME = "nxvms-media-away";
    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    private ContextGate gate;

    /** For the component runtime. */
    public MediaContext() {}

    /** For tests. */
    MediaContext(AccessGuard guard) {
        this.guard = guard;
    }

    @Activate
    void open(BundleContext bundle) {
        gate = new ContextGate(bundle, NAME, PATH, this);
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
