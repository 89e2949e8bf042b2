// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.Set;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.passage.PassageContext;
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
public final class ExportContext extends PassageContext {
    static final String PATH = "/media/v1/exports";

    private static final String NAME = "nxvms-exports";
    private static final String WHAT = "Packages are";

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    private ContextGate gate;

    /** For the component runtime. */
    public ExportContext() {
        super(NAME, WHAT, Set.of(ALL));
    }

    /** For tests. */
    ExportContext(AccessGuard guard) {
        this();
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
