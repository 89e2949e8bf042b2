// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures of any moment of the archive.
 *
 * <p>Does: find the key frame nearest to a moment, have one JPEG made of it at a time, keep some in memory. Does not: decode,
 * which the media worker's process does, nor know HTTP. Start reading at {@link
 * org.nxvms.playback.thumbnail.Thumbnails}.
 */
package org.nxvms.playback.thumbnail;
