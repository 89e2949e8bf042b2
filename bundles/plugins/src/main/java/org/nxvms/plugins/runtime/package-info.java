// SPDX-License-Identifier: Apache-2.0
/**
 * Plugins in the OSGi framework.
 *
 * <p>Does: brings bundles up and down within time limits, compares the wiring of all others, counts frames. Does not:
 * decide what is to run. Start reading at {@link org.nxvms.plugins.runtime.PluginBundles}.
 */
package org.nxvms.plugins.runtime;
