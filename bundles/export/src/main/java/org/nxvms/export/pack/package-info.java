// SPDX-License-Identifier: Apache-2.0
/**
 * What a package is made of.
 *
 * <p>Does: write files into a ZIP without compressing them, hash them on the way, describe them. Does not: know cameras or
 * jobs. Start reading at {@link org.nxvms.export.pack.StoredZip}.
 */
package org.nxvms.export.pack;
