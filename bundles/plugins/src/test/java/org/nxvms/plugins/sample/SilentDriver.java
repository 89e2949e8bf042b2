// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.sample;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Starts and offers nothing. */
public final class SilentDriver implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        // Nothing is registered.
    }

    @Override
    public void stop(BundleContext context) {
        // Nothing was started.
    }
}
