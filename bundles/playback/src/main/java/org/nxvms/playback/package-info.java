// SPDX-License-Identifier: Apache-2.0
/**
 * Everything that reads footage for people: timeline, segment lists, byte ranges, VOD playlists,
 * thumbnails, what moves in it, and what people say of it: bookmarks, locks.
 *
 * <p>Does: answer {@code /api/v1/timeline}, {@code /api/v1/archive}, {@code /api/v1/motion}, {@code /api/v1/bookmarks}, {@code /api/v1/locks},
 * {@code /api/v1/storage} and {@code /media/v1}. Does not: write footage, decode. Start reading at {@link
 * org.nxvms.playback.media.SegmentServlet} for bytes and {@link org.nxvms.playback.timeline.Timeline} for
 * spans.
 */
package org.nxvms.playback;
