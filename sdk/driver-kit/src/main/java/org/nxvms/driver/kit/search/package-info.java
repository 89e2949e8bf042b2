// SPDX-License-Identifier: Apache-2.0
/**
 * Searches for devices by datagrams, for drivers: who is asked, by which network interfaces, how often and how fast.
 *
 * <p>Does: multicast and single addresses, IPv4 and IPv6, within the {@link org.nxvms.driver.spi.SearchScope} of the platform;
 * bounds on what is heard. Does not: know what a message means. Copied into a driver's jar, never exported. Start reading at
 * {@link org.nxvms.driver.kit.search.SearchRun}.
 */
package org.nxvms.driver.kit.search;
