// SPDX-License-Identifier: Apache-2.0
/** Does: events in memory, an endpoint on a real socket, a vault. Does not: test. Start reading at {@code Receiver}. */
package org.nxvms.integration.webhook.fake;
