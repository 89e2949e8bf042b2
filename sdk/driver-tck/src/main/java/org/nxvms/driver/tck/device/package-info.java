// SPDX-License-Identifier: Apache-2.0
/**
 * What a driver is tried on.
 *
 * <p>Does: hand out simulated cameras, or one real device, one rule at a time. Does not: know a rule or a driver. Start
 * reading at {@link org.nxvms.driver.tck.device.TestDevices}.
 */
package org.nxvms.driver.tck.device;
