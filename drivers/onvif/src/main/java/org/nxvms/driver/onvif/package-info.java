// SPDX-License-Identifier: Apache-2.0
/**
 * Cameras of any maker by ONVIF (Network Interface Specifications; profiles S and T): SOAP over HTTP, by hand.
 *
 * <p>Does: identity, streams by Media and Media2, PTZ with presets and rounds, imaging, events by pull points or deliveries,
 * ports, talking, snapshots, clock, restart; heeds quirks that another bundle brings as data. Does not: hold the media sessions
 * of streams, which are the platform's. Start reading at {@link org.nxvms.driver.onvif.OnvifSession}.
 */
package org.nxvms.driver.onvif;
