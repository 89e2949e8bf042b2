// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.rest;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.TrustedCertificate;
import org.nxvms.rest.kit.jaxrs.AuditFields;

/** What the audit is told of plugins. */
final class PluginNotes {
    private static final String VERSION = "version";

    private PluginNotes() {}

    /**
     * {@return what somebody wants}
     *
     * @param name empty for a plugin that is new
     * @param fetch from where; empty when the file was sent, or there is none
     */
    static AuditFields asked(String name, Optional<PluginsResource.Fetch> fetch) {
        Map<String, String> after = new TreeMap<>();
        fetch.ifPresent(from -> after.put("source", from.url().replaceFirst("//[^/@]*@", "//")));
        fetch.flatMap(PluginsResource.Fetch::allowUnsigned)
                .filter(allowed -> allowed)
                .ifPresent(allowed -> after.put("allowUnsigned", "true"));
        return new AuditFields(name.isEmpty() ? "plugin" : "plugin/" + name, Map.of(), after);
    }

    /** {@return what was done} The receipt tells the rest. */
    static AuditFields done(SwapReceipt receipt) {
        Map<String, String> before = new TreeMap<>();
        receipt.from().ifPresent(version -> before.put(VERSION, version));
        Map<String, String> after = new TreeMap<>();
        receipt.to().ifPresent(version -> after.put(VERSION, version));
        receipt.sha256().ifPresent(sha256 -> after.put("sha256", sha256));
        after.put("receipt", receipt.id().toString());
        return new AuditFields("plugin/" + receipt.plugin(), before, after);
    }

    static AuditFields trusted(TrustedCertificate certificate) {
        return new AuditFields(
                "certificate/" + certificate.sha256(), Map.of(), Map.of("subject", certificate.subject()));
    }
}
