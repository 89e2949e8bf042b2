// SPDX-License-Identifier: Apache-2.0
/** Servers of others that relay what comes and goes (RFC 8656), told to players with credentials that end by themselves. */
package org.nxvms.live.webrtc.turn;
