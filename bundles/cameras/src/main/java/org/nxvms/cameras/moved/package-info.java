// SPDX-License-Identifier: Apache-2.0
/**
 * Cameras that come back at another address.
 *
 * <p>Does: remembers which device a camera is, looks for those that are away, takes their new address when it is surely they.
 * Does not: search by itself, or touch streams: the registry's change of the address does. Start reading at {@link
 * org.nxvms.cameras.moved.Following}.
 */
package org.nxvms.cameras.moved;
