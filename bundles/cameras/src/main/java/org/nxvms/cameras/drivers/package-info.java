// SPDX-License-Identifier: Apache-2.0
/**
 * The drivers installed now, and talking to a device through one.
 *
 * <p>Does: keeps versions side by side, fences off what foreign code may throw, knows which control functions there are.
 * Does not: decide when to talk (control), hold conversations (device). Start reading at {@link
 * org.nxvms.cameras.drivers.DriverShelf}.
 */
package org.nxvms.cameras.drivers;
