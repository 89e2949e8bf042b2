// SPDX-License-Identifier: Apache-2.0
/**
 * Looking for devices that are not configured yet.
 *
 * <p>Does: runs the searches of all drivers that can, within a time, and keeps what they found for a while. Does not: add
 * cameras, know protocols. Start reading at {@link org.nxvms.cameras.discovery.Discovery}.
 */
package org.nxvms.cameras.discovery;
