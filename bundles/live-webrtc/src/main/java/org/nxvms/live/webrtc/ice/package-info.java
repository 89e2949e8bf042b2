// SPDX-License-Identifier: Apache-2.0
/** The server's part of finding a way to the player: answers to checks (ICE-lite). */
package org.nxvms.live.webrtc.ice;
