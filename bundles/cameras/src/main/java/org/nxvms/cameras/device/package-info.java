// SPDX-License-Identifier: Apache-2.0
/**
 * Conversations with devices that last: control functions on request, and listening to what devices say.
 *
 * <p>Does: keeps a session while it is used, one call at a time; turns what devices say into events, re-synchronised after
 * each loss. Does not: ask for streams (control), know protocols (drivers). Start reading at {@link
 * org.nxvms.cameras.device.DeviceControl} and {@link org.nxvms.cameras.device.Listening}.
 */
package org.nxvms.cameras.device;
