// SPDX-License-Identifier: Apache-2.0
/** Offers and answers. */
package org.nxvms.live.webrtc.sdp;
