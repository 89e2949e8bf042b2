// SPDX-License-Identifier: Apache-2.0
/**
 * OpenID Connect Core 1.0, Discovery 1.0 and Back-Channel Logout 1.0 as a relying party. Does: requests, tokens and what must
 * be true of them. Does not: HTTP towards browsers, users. Start reading at Conversation.
 */
package org.nxvms.integration.oidc.protocol;
