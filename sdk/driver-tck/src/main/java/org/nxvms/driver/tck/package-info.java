// SPDX-License-Identifier: Apache-2.0
/**
 * The conformance kit: holds a driver's jar, as it was built, against what the contract says.
 *
 * <p>Does: run the jar in a framework as a server does, try every rule on simulated cameras or on a real device, write what was
 * found, and put the score into the jar. Does not: judge pictures, or need a server. Start reading at {@link
 * org.nxvms.driver.tck.DriverConformance} (in a project's tests), {@link org.nxvms.driver.tck.KitMain} (by hand) and {@link
 * org.nxvms.driver.tck.rule.Rules} (what is tried).
 */
package org.nxvms.driver.tck;
