// SPDX-License-Identifier: Apache-2.0
/**
 * What an administrator decides about a provider. Does: reads and checks it, keeps the client's secret sealed. Does not: talk
 * to anybody. Start reading at ProviderSettings.
 */
package org.nxvms.integration.oidc.settings;
