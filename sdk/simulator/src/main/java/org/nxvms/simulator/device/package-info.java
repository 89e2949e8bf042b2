// SPDX-License-Identifier: Apache-2.0
/**
 * What a simulated camera is beside its streams, in no vendor's words.
 *
 * <p>Does: hold who a device is, where it looks, its digital ports, its clock, what happens to it, and take its picture.
 * Does not: speak any protocol; a dialect does ({@link org.nxvms.simulator.http.Dialect}), and several can be written
 * against the same device. Start reading at {@link org.nxvms.simulator.device.Device}.
 */
package org.nxvms.simulator.device;
