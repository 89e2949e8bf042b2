// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP as devices speak it, for drivers: logged in (RFC 7616, RFC 7617), within a time limit, answers bounded, failures as
 * the kinds of {@link org.nxvms.driver.spi.DriverException}.
 *
 * <p>Does: one exchange at a time, with a thread that waits or without one, streams, WebSockets, over clients that all
 * sessions of a driver share. Does not: know a vendor's paths and what its statuses mean. Copied into a driver's jar, never
 * exported. Start reading at {@link org.nxvms.driver.kit.http.DeviceHttp}.
 */
package org.nxvms.driver.kit.http;
