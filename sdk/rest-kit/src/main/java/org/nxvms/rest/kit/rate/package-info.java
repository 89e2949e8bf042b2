// SPDX-License-Identifier: Apache-2.0
/**
 * How often somebody may ask.
 *
 * <p>Does: count by key in bounded memory, say from which network an address is. Does not: know HTTP. Start reading at
 * {@link org.nxvms.rest.kit.rate.RequestRates}.
 */
package org.nxvms.rest.kit.rate;
