// SPDX-License-Identifier: Apache-2.0
/**
 * The ONVIF dialect: a device of profiles S and T as the Network Interface Specifications describe it, as far as a driver
 * needs it.
 *
 * <p>Does: Device, Media, Media2, PTZ, Imaging and Events (pull points), with a login by WS-Security or HTTP Digest. Does
 * not: hold state of its own but image settings and pull points; the device has it. {@code docs/design/simulator.md} lists
 * what is there and where real cameras say more. Start reading at {@link org.nxvms.simulator.onvif.OnvifDialect}.
 */
package org.nxvms.simulator.onvif;
