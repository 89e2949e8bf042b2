// SPDX-License-Identifier: Apache-2.0
/** Keys by DTLS, packets by SRTP. */
package org.nxvms.live.webrtc.secure;
