// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures that text and masks are burned into.
 *
 * <p>Does: say what is written into each picture, have pictures encoded anew one behind the other for as long as footage goes on.
 * Does not: fill or write anything itself, that is the media worker's; read or write files. Start reading at
 * {@link org.nxvms.export.burn.Burner}.
 */
package org.nxvms.export.burn;
