// SPDX-License-Identifier: Apache-2.0
/**
 * Places at which devices deliver by themselves.
 *
 * <p>Does: give each device of a driver a path with a secret, or a port; bound what arrives; hand it to the driver; close all
 * when the driver's bundle goes. Does not: know protocols, have threads for them. Start reading at {@link
 * org.nxvms.cameras.push.PushRegistry}.
 */
package org.nxvms.cameras.push;
