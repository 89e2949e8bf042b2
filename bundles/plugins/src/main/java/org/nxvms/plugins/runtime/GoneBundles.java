// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.runtime;

import org.nxvms.plugin.kit.LastRecord;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Has the JDK forget a bundle that has gone, whoever took it out: the installer, a feature, somebody by hand (ADR 45). */
@Component(service = {})
public final class GoneBundles implements BundleListener {
    private final BundleContext context;

    @Activate
    public GoneBundles(BundleContext context) {
        this.context = context;
        context.addBundleListener(this);
        // The version of this bundle that was here before.
        LastRecord.forget();
    }

    @Deactivate
    public void close() {
        context.removeBundleListener(this);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        switch (event.getType()) {
            case BundleEvent.UNINSTALLED, BundleEvent.UPDATED, BundleEvent.UNRESOLVED -> LastRecord.forget();
            default -> {
                // It is still here.
            }
        }
    }
}
