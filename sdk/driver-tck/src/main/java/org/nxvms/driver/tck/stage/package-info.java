// SPDX-License-Identifier: Apache-2.0
/**
 * Where a driver is tried.
 *
 * <p>Does: run a driver's jar in an OSGi framework as a server does, call it on threads that can be given up, play hostile
 * devices, count what is left behind. Does not: judge. Start reading at {@link org.nxvms.driver.tck.stage.Stage}.
 */
package org.nxvms.driver.tck.stage;
