// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.sample;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Never comes back from its start until it is interrupted; the latch is never counted down. */
public final class BlockingDriver implements BundleActivator {
    @Override
    public void start(BundleContext context) throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Override
    public void stop(BundleContext context) {
        // Nothing was started.
    }
}
