// SPDX-License-Identifier: Apache-2.0
/**
 * Does: {@code /api/v1/webhooks}. Does not: deliver. Start reading at {@link
 * org.nxvms.integration.webhook.rest.WebhooksResource}.
 */
package org.nxvms.integration.webhook.rest;
