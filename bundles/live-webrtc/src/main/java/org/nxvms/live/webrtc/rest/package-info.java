// SPDX-License-Identifier: Apache-2.0
/** WHEP over HTTP. */
package org.nxvms.live.webrtc.rest;
