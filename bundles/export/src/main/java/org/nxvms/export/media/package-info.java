// SPDX-License-Identifier: Apache-2.0
/**
 * The bytes of packages: {@code /media/v1/exports}.
 *
 * <p>Does: send a package, whole or a range, to who may have all that is in it, as long as that holds. Does not: make
 * packages. Start reading at {@link org.nxvms.export.media.ExportServlet}.
 */
package org.nxvms.export.media;
