// SPDX-License-Identifier: Apache-2.0
/**
 * Does: tells other systems by HTTP what happens here, in order, at least once, signed. Does not: keep events, which wait in
 * the event store (bundle {@code events}). Start reading at {@link org.nxvms.integration.webhook.deliver.Courier}; the
 * promises are in docs/design/integrations.md.
 */
package org.nxvms.integration.webhook;
