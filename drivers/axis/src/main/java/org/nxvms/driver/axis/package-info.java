// SPDX-License-Identifier: Apache-2.0
/**
 * Driver of Axis cameras, by VAPIX.
 *
 * <p>Does: finds out who a camera is, names its stream profiles as endpoints, moves its head, tells its events, ports and
 * time, takes stills, starts it anew. Does not: fetch media, hold threads, know more than the published interface. Start
 * reading at {@link org.nxvms.driver.axis.AxisDriver}.
 */
package org.nxvms.driver.axis;
