// SPDX-License-Identifier: Apache-2.0
/**
 * Secrets at rest.
 *
 * <p>Does: AES-256-GCM with a key in the data folder. Does not: know what the secrets are for. Start reading at {@link
 * org.nxvms.security.vault.AesVault}.
 */
package org.nxvms.security.vault;
