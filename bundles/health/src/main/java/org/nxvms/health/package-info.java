// SPDX-License-Identifier: Apache-2.0
/**
 * Whether the server is alive and ready, and its figures.
 *
 * <p>Does: runs the health checks it finds, answers {@code /api/v1/health} and {@code /metrics}. Does
 * not: repair anything or raise alarms. Start reading at {@link org.nxvms.health.Health}.
 */
package org.nxvms.health;
