// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP side of a simulated camera, for any vendor's dialect.
 *
 * <p>Does: read requests within bounds, check the login, carry out faults of connections, answer with what a dialect says,
 * hold WebSockets. Does not: know any vendor's paths; {@link org.nxvms.simulator.http.Dialect} is the seam. Start reading
 * at {@link org.nxvms.simulator.http.HttpDoor}.
 */
package org.nxvms.simulator.http;
