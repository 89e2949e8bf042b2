// SPDX-License-Identifier: Apache-2.0
/**
 * Talking to stores that may be away.
 *
 * <p>Does: one thread that reads and changes, so that no older reading overtakes a newer change. Does not: know what is
 * stored. Start reading at {@link org.nxvms.security.store.StoreThread}.
 */
package org.nxvms.security.store;
