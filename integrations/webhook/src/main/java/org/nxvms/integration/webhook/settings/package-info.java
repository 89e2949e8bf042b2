// SPDX-License-Identifier: Apache-2.0
/**
 * Does: what administrators decide about an endpoint, in files, with secrets sealed. Does not: apply it. Start reading at
 * {@link org.nxvms.integration.webhook.settings.Settings}.
 */
package org.nxvms.integration.webhook.settings;
