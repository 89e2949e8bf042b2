// SPDX-License-Identifier: Apache-2.0
/**
 * The RTSP 1.0 server of the simulated cameras.
 *
 * <p>Does: listen, converse (RFC 2326, with the clarifications of RFC 7826), send due packets, misbehave on demand; one
 * thread for all cameras. Does not: make packets or know files. Start reading at
 * {@link org.nxvms.simulator.rtsp.FarmLoop}.
 */
package org.nxvms.simulator.rtsp;
