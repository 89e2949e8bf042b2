// SPDX-License-Identifier: Apache-2.0
/**
 * Does: one signed request and what came of it. Does not: know events, or try again. Start reading at {@link
 * org.nxvms.integration.webhook.send.HttpSender}.
 */
package org.nxvms.integration.webhook.send;
