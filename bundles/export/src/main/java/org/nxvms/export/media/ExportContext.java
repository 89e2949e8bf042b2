// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

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

/** The servlet context of packages, of its own because the one of {@code /media/v1} is another bundle's. */
@Component(
        service = {},
        immediate = true)
public final class ExportContext extends GuardedContext {
    static final String PATH = "/media/v1/exports";
    /** Name to select the context by. */
    static final String NAME = "nxvms-exports";

    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    private ContextGate gate;

    /** For the component runtime. */
    public ExportContext() {}

    /** For tests. */
    ExportContext(AccessGuard guard) {
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
