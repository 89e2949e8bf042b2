// SPDX-License-Identifier: Apache-2.0
/**
 * Talking to a provider. Does: one exchange, bounded in time and bytes, over TLS. Does not: know what is said. Start reading
 * at ProviderHttp.
 */
package org.nxvms.integration.oidc.http;
