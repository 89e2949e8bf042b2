// SPDX-License-Identifier: Apache-2.0
/**
 * Other ways into a simulated camera than plain RTSP: TLS and the HTTP tunnel.
 *
 * <p>Does: take connections of another kind and hand their bytes to a camera's own port. Does not: know RTSP. Start
 * reading at {@link org.nxvms.simulator.front.SecureFront}.
 */
package org.nxvms.simulator.front;
