// SPDX-License-Identifier: Apache-2.0
/**
 * Footage on disk: segments, gaps, bytes, and the index that finds them.
 *
 * <p>Does: the reading side ({@link org.nxvms.platform.api.archive.Archive}), the writing side ({@link
 * org.nxvms.platform.api.archive.FootageSink}) and the port to the relational index ({@link
 * org.nxvms.platform.api.archive.ChunkIndex}). Does not: fix a file format. Start reading at Archive.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.archive;
