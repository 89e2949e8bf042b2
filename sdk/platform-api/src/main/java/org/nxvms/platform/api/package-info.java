// SPDX-License-Identifier: Apache-2.0
/**
 * Services and facts that REST, console, shell and plugins use, one package per capability.
 *
 * <p>Does: interfaces and value types. Does not: behaviour. Start reading at {@code camera}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api;
