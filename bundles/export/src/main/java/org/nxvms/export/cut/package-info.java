// SPDX-License-Identifier: Apache-2.0
/**
 * Footage that begins and ends with an asked picture.
 *
 * <p>Does: take fragments apart, leave out what lies outside a range, have encoded anew what cannot be decoded without it, and
 * put fragments together again. Does not: read or write files. Start reading at {@link org.nxvms.export.cut.Group}.
 */
package org.nxvms.export.cut;
