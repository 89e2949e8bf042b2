// SPDX-License-Identifier: Apache-2.0
/**
 * Footage as bytes: the servlet context {@code /media/v1} and what stands in it.
 *
 * <p>Does: check credentials and rights, answer byte ranges of sealed and growing segments, initialisation
 * segments, VOD playlists, thumbnails. Does not: parse MP4. Start reading at {@link
 * org.nxvms.playback.media.SegmentServlet}.
 *
 * <p>Any bundle may add a servlet to the context by its name, {@code nxvms-media}: who is calling has then
 * been checked, rights have not.
 */
package org.nxvms.playback.media;
