// SPDX-License-Identifier: Apache-2.0
/**
 * What carries things between this server and others: webhooks, message brokers.
 *
 * <p>Does: how each of their connections fares, for the shell and for metrics. Does not: how one is configured, which is the
 * integration's own matter. Start reading at {@link org.nxvms.platform.api.integration.Integration}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.integration;
