// SPDX-License-Identifier: Apache-2.0
/**
 * Whether the server is alive and ready, part by part.
 *
 * <p>Does: the whiteboard interface of a check. Does not: HTTP, metrics. Start reading at {@link
 * org.nxvms.platform.api.health.HealthCheck}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.health;
