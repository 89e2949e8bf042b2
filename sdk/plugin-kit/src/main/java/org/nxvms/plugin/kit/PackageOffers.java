// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugin.kit;

import java.util.List;
import org.osgi.framework.Version;

/** The packages that a server has for plugins. */
@FunctionalInterface
public interface PackageOffers {
    /** {@return the versions in which a package is exported now} */
    List<Offer> of(String name);

    /**
     * One export.
     *
     * @param system whether the JDK itself, or the framework, has it
     */
    record Offer(Version version, boolean system) {}
}
