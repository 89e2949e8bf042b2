// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.sample;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The sample, which looks something up by a record of its own. */
public final class ComparingDriver implements BundleActivator {
    /** Known by its values. */
    public record Key(String device, Key within) {}

    private final SampleDriver driver = new SampleDriver();

    @Override
    public void start(BundleContext context) {
        Key site = new Key("site", null);
        if (!new Key("camera", site).equals(new Key("camera", new Key("site", null)))) {
            throw new IllegalStateException("a record that equals another is not seen to");
        }
        driver.start(context);
    }

    @Override
    public void stop(BundleContext context) {
        driver.stop(context);
    }
}
