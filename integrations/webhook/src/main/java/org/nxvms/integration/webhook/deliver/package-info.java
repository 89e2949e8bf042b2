// SPDX-License-Identifier: Apache-2.0
/**
 * Does: brings the events of one endpoint there, and remembers how far it got. Does not: speak HTTP (package {@code send}).
 * Start reading at {@link org.nxvms.integration.webhook.deliver.Courier}.
 */
package org.nxvms.integration.webhook.deliver;
