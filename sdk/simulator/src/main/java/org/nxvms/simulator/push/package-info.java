// SPDX-License-Identifier: Apache-2.0
/**
 * Devices that deliver by themselves what happens: whoever subscribes names an address, and the device calls it.
 *
 * <p>Does: keep subscriptions, deliver to them over HTTP. Does not: speak any vendor's words; it is for drivers whose
 * protocol works that way, until their own dialect is here. Start reading at {@link org.nxvms.simulator.push.PushPath}.
 */
package org.nxvms.simulator.push;
