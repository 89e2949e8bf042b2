// SPDX-License-Identifier: Apache-2.0
/**
 * What is kept below {@code NXVMS_DATA/plugins}.
 *
 * <p>Does: inventory, jars, pinned certificates, receipts; each file is there as a whole or not at all, a power cut
 * included. Does not: know the framework. Start reading at {@link org.nxvms.plugins.store.Inventory}.
 */
package org.nxvms.plugins.store;
