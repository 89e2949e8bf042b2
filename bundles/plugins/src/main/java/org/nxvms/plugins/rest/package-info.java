// SPDX-License-Identifier: Apache-2.0
/**
 * REST for plugins.
 *
 * <p>Does: translate between HTTP and {@link org.nxvms.platform.api.plugin.PluginAdmin}. Does not: hold state. Start
 * reading at {@link org.nxvms.plugins.rest.PluginsResource}.
 */
package org.nxvms.plugins.rest;
