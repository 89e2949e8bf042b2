// SPDX-License-Identifier: Apache-2.0
/** Access units as RTP packets, and what receivers say about them. */
package org.nxvms.live.webrtc.rtp;
