// SPDX-License-Identifier: Apache-2.0
/**
 * Other servers that users know, each their own.
 *
 * <p>Does: the facts, and the port through which they are stored. Does not: speak to them. Start reading at {@link
 * org.nxvms.platform.api.server.KnownServers}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.server;
