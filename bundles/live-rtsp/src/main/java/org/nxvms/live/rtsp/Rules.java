// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

/**
 * What the settings say to each connection.
 *
 * @param plain whether there is RTSP without TLS
 * @param udp whether there is UDP
 */
record Rules(boolean plain, boolean udp, UdpOutlet.Ports udpPorts, int timeoutSeconds, int tickMs, Places places) {}
