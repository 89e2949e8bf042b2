// SPDX-License-Identifier: Apache-2.0
/**
 * How answers are packed.
 *
 * <p>Does: say whether a client takes gzip, and the tag of what is packed. Does not: pack; need anything, so that the console's bundle
 * can have a copy. Start reading at {@link org.nxvms.rest.kit.coding.AcceptEncoding}.
 */
package org.nxvms.rest.kit.coding;
