// SPDX-License-Identifier: Apache-2.0
/**
 * Small files of the data folder.
 *
 * <p>Does: replaces and reads them whole. Does not: know what is in them. Start reading at {@link
 * org.nxvms.cameras.file.WholeFile}.
 */
package org.nxvms.cameras.file;
