// SPDX-License-Identifier: Apache-2.0
/**
 * What plugins show in the web console.
 *
 * <p>Does: which header tells that a bundle brings something for the console, and why what it brings is not shown. Does not:
 * know what it shows, which is between the plugin and the console. Start reading at {@link
 * org.nxvms.platform.api.console.ConsoleExtensions}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.console;
