// SPDX-License-Identifier: Apache-2.0
/**
 * Plugins while the server runs: one jar each, installed, changed and taken out without touching another bundle.
 *
 * <p>Does: what is installed, the operations, whom the administrator trusts, the receipt of each operation. Does not:
 * know cameras and drivers; a plugin is whatever offers a service of a contract. Start reading at {@link
 * org.nxvms.platform.api.plugin.PluginAdmin}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.plugin;
