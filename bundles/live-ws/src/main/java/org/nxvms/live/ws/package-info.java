// SPDX-License-Identifier: Apache-2.0
/**
 * Live pictures for browsers: fragmented MP4 over WebSocket at {@code /ws/v1/live/{cameraId}}; and the way back, sound to
 * the camera at {@code /ws/v1/talk/{cameraId}}.
 *
 * <p>Does: package each access unit once per stream and share the bytes among its viewers, begin with the
 * newest key frame, let slow viewers jump. Does not: decode, transcode, hold up a camera or a recorder. Start
 * reading at {@link org.nxvms.live.ws.LivePump}.
 *
 * <p>Upgrades are made with Jetty's own WebSocket API and not with JSR 356: Pax Web replaces an endpoint's
 * configurator, so that neither the request's headers (who is calling) nor the extensions (compressing video
 * again for each viewer) would be ours to decide, and it restarts the servlet context for each endpoint. A
 * plain servlet has none of this. Jetty is what the distribution runs on; the import says so.
 */
package org.nxvms.live.ws;
