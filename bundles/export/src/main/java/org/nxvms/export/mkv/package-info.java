// SPDX-License-Identifier: Apache-2.0
/**
 * Matroska, as far as a file of footage needs it (RFC 9559).
 *
 * <p>Does: write header, tracks, clusters and cues out of access units. Does not: read Matroska, write files. Start reading at
 * {@link org.nxvms.export.mkv.Matroska}.
 */
package org.nxvms.export.mkv;
