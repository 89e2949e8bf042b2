// SPDX-License-Identifier: Apache-2.0
/**
 * Whether a file may become a plugin.
 *
 * <p>Does: bounds, signature, manifest, each refusal with its reason. Does not: install. Start reading at {@link
 * org.nxvms.plugins.file.PluginFile}.
 */
package org.nxvms.plugins.file;
