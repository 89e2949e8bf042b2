// SPDX-License-Identifier: Apache-2.0
/**
 * What a file must keep to be taken as a plugin, for the installer and for the kit with which drivers are tried.
 *
 * <p>Does: hold a manifest against the laws, say which bytes a conformance score is about, have the JDK forget a
 * plugin that has gone. Does not: fetch, verify signatures, install. A plain jar, copied in where it is used. Start reading at {@link org.nxvms.plugin.kit.ManifestLaws}.
 */
package org.nxvms.plugin.kit;
