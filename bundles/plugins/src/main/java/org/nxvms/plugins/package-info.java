// SPDX-License-Identifier: Apache-2.0
/**
 * Plugins: installed, exchanged and taken out while cameras are recorded (ADR 33).
 *
 * <p>Does: checks files and signatures, brings a version up beside the old one, keeps its own inventory, signs what it
 * did. Does not: know what a plugin is for, nor touch bundles that came otherwise. Start reading at {@link
 * org.nxvms.plugins.PluginInstaller}.
 */
package org.nxvms.plugins;
